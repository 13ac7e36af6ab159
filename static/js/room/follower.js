/**
 * A student's page in a room: it stands as the teacher's does, and goes where that goes. Where
 * students may try, who touches a control plays alone, and comes back with one press.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 * @typedef {import("../ui/shortcuts.js").Keys} Keys
 *
 * @typedef {object} Place  what a page is in a room
 * @property {() => string} page  its name
 * @property {(room: RoomState) => void} show  it stands as the room does
 * @property {(is: boolean) => void} follow  it follows, or is the student's own
 * @property {(frame: import("../net/frames.js").Frame<any>) => void} hear  of the room's run
 * @property {(way: import("../net/connection.js").Way) => void} way  to the room
 * @property {(room: RoomState) => string} at  where the class is, in words
 * @property {() => import("./room-state.js").Where} where  it stands
 * @property {import("./question/results.js").Lesson} [question]  of a step of the lesson on it
 * @property {() => void} leave  what the page that follows it is to know is kept
 */
import { onResize, partsOf } from "../ui/dom.js";
import { keepHanded, keepLed, keepSeat, leaveRoom, seatIn } from "./kept.js";
import { createFollowerBar } from "./follower-bar.js";
import { createHandrail } from "./handrail.js";
import { createAnswering } from "./question/answering.js";
import { createTally } from "./question/tally.js";
import { createRoomChannel, linkToRoom } from "./room-channel.js";
import { applied } from "./room-state.js";
import { ledPageOf, pageOf } from "./way-in.js";

/** Frames that are of no run, and say nothing to a page that follows. */
const OF_THE_ROOM = ["recorded", "invited"];

/**
 * @param {{held: HTMLElement, bar: HTMLElement}} nodes  `held`: what has the controls
 * @param {string} code
 * @param {import("../text/format.js").Translate} t
 * @param {string} rooms  their address
 * @param {Place} place
 */
export function createFollower({ held, bar }, code, t, rooms, place) {
  const said = createFollowerBar(bar, code, t, { back, offer, take });
  const hands = createHandrail(held, mayTouch);
  const card = partsOf(document)("class-question");
  const tally = createTally(card, t, place.question);
  const answering = createAnswering(
    card,
    code,
    t,
    say,
    place.question,
  );
  /** @type {import("./room-channel.js").RoomChannel | null} */
  let channel = null;
  /** @type {RoomState | null} */
  let room = null;
  let follows = true;
  /**
   * The page that is being loaded, if one is.
   * @type {string | null}
   */
  let going = null;
  /** The number of a teacher; 0 of a student. */
  let teacher = 0;

  return {
    join() {
      const { style } = document.documentElement;
      onResize(bar, () => style.setProperty("--class-bar", `${bar.offsetHeight}px`));
      hands.hold(true);
      const link = linkToRoom(rooms, code, location.href);
      channel = createRoomChannel(link, seatIn(code), { frame: receive, lost });
    },
    follows: () => follows,
    may: mayTouch,
    say,
    /**
     * Keys that do nothing where the controls are still.
     * @param {Keys} keys
     * @returns {Keys}
     */
    held: (keys) =>
      Object.fromEntries(
        Object.entries(keys).map(([key, act]) => [key, () => mayTouch() && act()]),
      ),
  };

  /** @param {object} message */
  function say(message) {
    return channel?.say(message) ?? false;
  }

  /** @param {import("../net/frames.js").Frame<any>} frame */
  function receive(frame) {
    const { header, arrays } = frame;
    if (header.type === "welcome") {
      ({ teacher } = header);
      if (teacher) said.teach();
      else keepSeat(code, { join: header.token });
      place.way("socket");
      become(header.room);
      if (teacher) tally.show(header.room);
      else answering.welcome(header);
    } else if (header.type === "moved" && room) {
      become(applied(room, header.changes, arrays.strip));
      if (!room.over) (teacher ? tally : answering).show(room);
    } else if (header.type === "attendance") {
      said.count(header.students);
      tally.count(header);
    } else if (answering.hear(header)) return;
    else if (header.type === "handed") lead(header);
    else if (header.type === "error" && !room) refused(header);
    else if (header.type === "error" && header.id === null) return;
    else if (header.type === "error" && header.code === "room_gone") over();
    else if (!OF_THE_ROOM.includes(header.type)) place.hear(frame);
  }

  /** @param {RoomState} next */
  function become(next) {
    room = next;
    if (room.over) return over();
    if (!follows && !room.trying) return back();
    hands.hold(follows && !room.trying);
    said.tell(room, follows, place);
    if (!follows) return;
    if (room.page === place.page()) place.show(room);
    else go(room);
  }

  /**
   * Go to the page of the class, once: each move that comes while it loads would begin it anew.
   * @param {RoomState} room
   */
  function go(room) {
    if (going === room.page) return;
    going = room.page;
    location.replace(pageOf(code, room));
  }

  /** Whether a student may touch a control; who does plays alone from there on. */
  function mayTouch() {
    if (!follows) return true;
    if (!room?.trying) return false;
    alone();
    said.tell(room, false, place);
    return true;
  }

  function alone() {
    follows = false;
    place.follow(false);
    hands.hold(false);
  }

  function back() {
    if (!room) return;
    follows = true;
    place.follow(true);
    become(room);
  }

  /** Tell the teachers how this page stands. */
  function offer() {
    const { page, step, address, playhead } = place.where();
    return say({ do: "offer", page, step, address, playhead });
  }

  /** From here on this page leads. */
  function take() {
    say({ do: "take" });
  }

  /** @param {import("../net/frame-types.d.ts").Handed} handed */
  function lead({ token, keys }) {
    if (!room) return;
    keepLed({ code, token, taken: true });
    keepHanded(keys);
    place.leave();
    location.assign(ledPageOf(room));
  }

  function lost() {
    place.way("lost");
    said.lost();
  }

  function over() {
    leaveRoom(code);
    answering.over();
    tally.over();
    alone();
    said.over();
  }

  /** @param {import("../net/frame-types.d.ts").Error} why */
  function refused(why) {
    leaveRoom(code);
    alone();
    said.refused(why);
  }
}
