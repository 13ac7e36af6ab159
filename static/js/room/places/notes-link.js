/**
 * A teacher's notes on another device: in step with the class by its room, and moving it. It is said
 * and heard as between two windows (`presenter-channel.js`).
 *
 * @typedef {import("../../presentation/presenter-channel.js").Message} Message
 */
import { root } from "../../net/base-url.js";
import { createTally } from "../question/tally.js";
import { applied } from "../room-state.js";
import { seatIn } from "../kept.js";
import { createRoomChannel, linkToRoom } from "../room-channel.js";

/**
 * @param {string} rooms  their address
 * @param {string} code
 * @param {string} page  of the lesson in a room
 * @param {(message: Message) => void} heard
 * @param {HTMLElement} card  with the question to the class
 * @param {import("../../text/format.js").Translate} t
 * @param {import("../question/results.js").Lesson} lesson
 */
export function createNotesLink(rooms, code, page, heard, card, t, lesson) {
  let step = "";
  /** @type {import("../room-state.js").RoomState | null} */
  let room = null;
  const tally = createTally(card, t, lesson, press);
  const link = linkToRoom(rooms, code, location.href);
  const channel = createRoomChannel(link, seatIn(code), {
    frame({ header }) {
      if (header.type === "welcome") become(header.room, header.room);
      else if (header.type === "attendance") tally.count(header);
      else if (header.type === "moved" && header.changes.over) over();
      else if (header.type === "moved" && room) {
        become(applied(room, header.changes), header.changes);
      } else if (header.type === "error" && header.code === "room_driver") at({ step });
    },
    lost: () => heard({ type: "bye" }),
  });

  return {
    /** @param {Message} message */
    say(message) {
      if (message.type === "at") channel.say({ do: "drive", step: message.id });
      if (message.type === "key") press(message.key);
      const to = message.type === "move" && message.to;
      if (to) channel.say({ do: "drive", page: `lessons/${to.slug}`, step: to.id });
    },
  };

  /** @param {string} key  on the page that leads, or a button of its card */
  function press(key) {
    channel.say({ do: "press", key });
  }

  function over() {
    tally.over();
    heard({ type: "bye" });
  }

  /**
   * @param {import("../room-state.js").RoomState} next
   * @param {{page?: string, step?: string}} changes
   */
  function become(next, changes) {
    room = next;
    tally.show(next);
    if (changes.page !== undefined || changes.step !== undefined) at(changes);
  }

  /** @param {{page?: string, step?: string}} where  the class is */
  function at(where) {
    const slug = where.page ?? page;
    step = where.step ?? step;
    if (slug !== page && slug.startsWith("lessons/")) {
      location.replace(`${root()}${slug}/notes${location.search}`);
    } else if (step) heard({ type: "at", id: step });
  }
}
