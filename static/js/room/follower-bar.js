/**
 * The bar above a student's lab: which room it is, where the class is, and the way back to it.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 */
import { problemOf } from "../net/problem.js";
import { explain } from "../text/problems.js";
import { finder, setText } from "../ui/dom.js";

const WORDS = { following: "room.following", trying: "room.trying", alone: "room.alone" };

/**
 * @param {HTMLElement} bar
 * @param {string} code
 * @param {import("../text/format.js").Translate} t
 * @param {() => void} back
 */
export function createFollowerBar(bar, code, t, back) {
  const part = finder(bar);
  const [words, button] = [part("p"), part("button")];
  const another = /** @type {HTMLAnchorElement} */ (part("a"));
  bar.hidden = false;
  say(t("room.joining", { code }));
  button.addEventListener("click", () => {
    back();
    words.focus();
  });

  return {
    /**
     * @param {RoomState} room
     * @param {boolean} follows
     */
    tell({ address, trying }, follows) {
      const cell = t(`choice.cell.${address.cell ?? "rnn"}`);
      const scale = Number(address.recurrent_scale ?? 1);
      const kind = follows ? (trying ? "trying" : "following") : "alone";
      say(t(WORDS[kind], { code, cell, scale }), kind);
    },
    lost: () => say(t("room.lost"), "lost"),
    over: () => say(t("room.over"), "over"),
    /** @param {import("../net/frame-types.d.ts").Error} why */
    refused(why) {
      if (why.code === "room_name") another.search = `?code=${code}`; // asks for it
      say(explain(problemOf(why), t), "refused");
    },
  };

  /**
   * @param {string} text
   * @param {string} [kind]
   */
  function say(text, kind = "joining") {
    setText(words, text);
    bar.dataset.kind = kind;
    button.hidden = kind !== "alone";
    another.hidden = kind !== "refused";
  }
}
