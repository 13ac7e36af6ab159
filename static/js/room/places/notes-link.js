/**
 * A teacher's notes on another device: in step with the class by its room, and moving it. It is said
 * and heard as between two windows (`presenter-channel.js`).
 *
 * @typedef {import("../../presentation/presenter-channel.js").Message} Message
 */
import { root } from "../../net/base-url.js";
import { seatIn } from "../kept.js";
import { createRoomChannel, linkToRoom } from "../room-channel.js";

/**
 * @param {string} rooms  their address
 * @param {string} code
 * @param {string} page  of the lesson in a room
 * @param {(message: Message) => void} heard
 */
export function createNotesLink(rooms, code, page, heard) {
  let step = "";
  const link = linkToRoom(rooms, code, location.href);
  const channel = createRoomChannel(link, seatIn(code), {
    frame({ header }) {
      if (header.type === "welcome") at(header.room);
      else if (header.type === "moved" && header.changes.over) heard({ type: "bye" });
      else if (header.type === "moved") at(header.changes);
      else if (header.type === "error" && header.code === "room_driver") at({ step });
    },
    lost: () => heard({ type: "bye" }),
  });

  return {
    /** @param {Message} message */
    say(message) {
      if (message.type === "at") channel.say({ do: "drive", step: message.id });
      const to = message.type === "move" && message.to;
      if (to) channel.say({ do: "drive", page: `lessons/${to.slug}`, step: to.id });
    },
  };

  /** @param {{page?: string, step?: string}} where  the class is */
  function at(where) {
    const slug = where.page ?? page;
    step = where.step ?? step;
    if (slug !== page && slug.startsWith("lessons/")) {
      location.replace(`${root()}${slug}/notes${location.search}`);
    } else if (step) heard({ type: "at", id: step });
  }
}
