/** Runs that students offer to the class: the newest of each. */
import { title } from "../lab/pins.js";
import { plain } from "../text/sentence.js";
import { create, hide } from "../ui/dom.js";
import { pageName } from "./room-state.js";

/**
 * @typedef {import("../net/frame-types.d.ts").Attendance["offers"][number]} Offer
 *
 * @param {HTMLElement} node
 * @param {import("../text/format.js").Translate} t
 * @param {import("../lab/state.js").Experiment} defaults
 * @param {(offer: Offer) => void} show  to the class
 */
export function createOffers(node, t, defaults, show) {
  const list = /** @type {HTMLElement} */ (node.querySelector("ol"));
  /** @type {string[] | null} */
  let shown = null;
  /** Those that were there when the window was open last, or the page was loaded. */
  let seen = new Set();
  return {
    /** @param {Offer[]} offers */
    render(offers) {
      const next = offers.map((offer) => JSON.stringify(offer));
      if (next.join() === shown?.join()) return;
      if (!shown) seen = new Set(next);
      shown = next;
      hide(node, !offers.length);
      list.replaceChildren(...offers.map((offer) => create("li", {}, button(offer))));
    },
    /**
     * The number of those that the teacher has not seen.
     * @param {boolean} open  whether the window is, which shows them
     */
    fresh(open) {
      if (open) seen = new Set(shown ?? []);
      return (shown ?? []).filter((offer) => !seen.has(offer)).length;
    },
  };

  /** @param {Offer} offer */
  function button(offer) {
    const experiment = /** @type {typeof defaults} */ ({ ...defaults, ...offer.address });
    const own = offer.page !== "train" && "sequence" in defaults;
    const what = own ? plain(title(experiment, t), t) : pageName(offer.page, t);
    const name = offer.name || t("room.student");
    const made = create("button", { type: "button" }, t("room.offer.show", { name, what }));
    made.addEventListener("click", () => show(offer));
    return made;
  }
}
