/** What browsers keep of rooms: a tab the one that it leads, and a student's browser its seat. */
import { forget, recallJSON, remember } from "../ui/storage.js";

export const KEPT = "unrolled.room";
const SEAT = "unrolled.seat";

/**
 * The token of a student who has been in this room.
 * @param {string} code
 * @returns {string} empty where there is none
 */
export function seatIn(code) {
  const seat = recallJSON(SEAT);
  return seat?.code === code ? seat.token : "";
}

/**
 * @param {string} code
 * @param {string} token
 */
export const keepSeat = (code, token) => remember(SEAT, JSON.stringify({ code, token }));

export const leaveSeat = () => forget(SEAT);
