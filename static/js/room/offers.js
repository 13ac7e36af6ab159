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
  let shown = "[]";
  return {
    /** @param {Offer[]} offers */
    render(offers) {
      const next = JSON.stringify(offers);
      if (next === shown) return;
      shown = next;
      hide(node, !offers.length);
      list.replaceChildren(...offers.map((offer, i) => create("li", {}, button(offer, i + 1))));
    },
  };

  /**
   * @param {Offer} offer
   * @param {number} n
   */
  function button(offer, n) {
    const experiment = /** @type {typeof defaults} */ ({ ...defaults, ...offer.address });
    const own = offer.page !== "train" && "sequence" in defaults;
    const what = own ? plain(title(experiment, t), t) : pageName(offer.page, t);
    const name = offer.name || t("room.student", { n });
    const made = create("button", { type: "button" }, t("room.offer.show", { name, what }));
    made.addEventListener("click", () => show(offer));
    return made;
  }
}
