/**
 * The bar above a student's lab: which room it is, where the class is, and the way back to it.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 */
import { problemOf } from "../net/problem.js";
import { explain } from "../text/problems.js";
import { finder, setText } from "../ui/dom.js";

const WORDS = { following: "room.following", trying: "room.trying", alone: "room.alone" };
/** The pages where a class can be. */
const PAGES = { "": "room.at.lab", lessons: "room.at.lessons", train: "room.at.train" };

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
     * @param {import("./follower.js").Place} place
     */
    tell(room, follows, place) {
      const kind = follows ? (room.trying ? "trying" : "following") : "alone";
      const [its] = /** @type {(keyof PAGES)[]} */ (room.page.split("/"));
      const at = room.page === place.page() ? place.at(room) : t(PAGES[its]);
      say(
        t(follows && room.step && !room.trying ? "room.following.at" : WORDS[kind], { code, at }),
        kind,
      );
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
