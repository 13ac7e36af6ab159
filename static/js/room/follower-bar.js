/**
 * The bar above a page that follows a room: which it is, where the class is, the way back to it, and
 * for a teacher what leads it.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 */
import { root } from "../net/base-url.js";
import { problemOf } from "../net/problem.js";
import { explain } from "../text/problems.js";
import { finder, hide, setText } from "../ui/dom.js";
import { pageName } from "./room-state.js";

/** Milliseconds for which students are told that another device leads. */
const NEWS = 10_000;
/** The words for a colleague and for a student, at first and the next time. */
const LEADS = ["room.lead.other", "room.lead.other.again"];
const MOVED = ["room.lead.moved", "room.lead.moved.again"];
const WORDS = { following: "room.following", trying: "room.trying", alone: "room.alone" };

/**
 * @param {HTMLElement} bar
 * @param {string} code
 * @param {import("../text/format.js").Translate} t
 * @param {{back: () => void, offer: () => boolean, take: () => void}} on  `offer`: whether it could be
 *   said
 */
export function createFollowerBar(bar, code, t, on) {
  const part = finder(bar);
  const [words, count] = ["p", ".here"].map(part);
  const [back, offer, take, notes] = ["back", "offer", "take", "notes"].map((name) =>
    part(`[data-do=${name}]`)
  );
  const another = /** @type {HTMLAnchorElement} */ (part("[data-do=join]"));
  let teaches = false;
  /** @type {number | null} who led when the page was told last */
  let driver = null;
  /** Where the class was when another took the lead: that is told until it moves on, or for a while. */
  let news = "";
  let timer = 0;
  /** Each time in other words than the time before, or a screen reader would not say them. */
  let again = true;
  /** @type {Parameters<typeof tell> | null} */
  let latest = null;
  bar.hidden = false;
  say(t("room.joining", { code }));
  back.addEventListener("click", () => {
    on.back();
    words.focus();
  });
  offer.addEventListener("click", () => {
    setText(words, t(on.offer() ? "room.offered" : "room.lost"));
  });
  take.addEventListener("click", on.take);

  return {
    /** It is a teacher's. */
    teach() {
      teaches = true;
      hide(count, false);
    },
    /** @param {number} students  in the room, whom a teacher is told of */
    count(students) {
      setText(count, t("room.students", { count: students }));
    },
    tell,
    lost() {
      latest = null;
      say(t("room.lost"), "lost");
    },
    over() {
      latest = null;
      say(t("room.over"), "over");
    },
    /** @param {import("../net/frame-types.d.ts").Error} why */
    refused(why) {
      if (why.code === "room_name") another.search = `?code=${code}`; // asks for it
      say(explain(problemOf(why), t), "refused");
    },
  };

  /**
   * @param {RoomState} room
   * @param {boolean} follows
   * @param {import("./follower.js").Place} place
   */
  function tell(room, follows, place) {
    const kind = follows ? (room.trying ? "trying" : "following") : "alone";
    const here = `${room.page}/${room.step}`;
    if (room.driver !== (driver ?? (teaches ? 0 : room.driver))) {
      news = here;
      again = !again;
      clearTimeout(timer);
      timer = teaches ? 0 : setTimeout(() => {
        news = "";
        if (latest) tell(...latest);
      }, NEWS);
    }
    driver = room.driver;
    latest = [room, follows, place];
    const at = room.page === place.page() ? place.at(room) : pageName(room.page, t);
    const step = follows && room.step && !room.trying;
    const handed = news === here && follows && (teaches || !room.trying);
    const who = (teaches ? LEADS : MOVED)[Number(again)];
    say(t(handed ? who : step ? "room.following.at" : WORDS[kind], { code, at }), kind);
    hide(notes, !teaches || !room.step);
    notes.setAttribute("href", `${root()}${room.page}/notes?room=${code}&step=${room.step}`);
  }

  /**
   * @param {string} text
   * @param {string} [kind]
   */
  function say(text, kind = "joining") {
    setText(words, text);
    bar.dataset.kind = kind;
    hide(back, kind !== "alone");
    hide(offer, kind !== "alone" || teaches);
    hide(take, !teaches || !(kind in WORDS));
    hide(another, kind !== "refused");
    if (!(kind in WORDS)) hide(notes, true);
  }
}
