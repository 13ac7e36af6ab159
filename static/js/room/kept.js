/** What browsers keep of rooms: a tab the one that it leads, and a student's browser its seat. */
import { forget, recallJSON, remember } from "../ui/storage.js";

export const KEPT = "unrolled.room";
const SEAT = "unrolled.seat";

/**
 * What a student joins this room with: the token of one who has been in it, or a name.
 * @param {string} code
 * @returns {import("./room-channel.js").Joining}
 */
export function seatIn(code) {
  const { code: its, ...seat } = recallJSON(SEAT) ?? {};
  return its === code ? seat : { join: "" };
}

/**
 * @param {string} code
 * @param {import("./room-channel.js").Joining} seat
 */
export const keepSeat = (code, seat) => remember(SEAT, JSON.stringify({ code, ...seat }));

export const leaveSeat = () => forget(SEAT);
