/** Storage of rooms in browsers: a tab the one that it leads, and a student's browser its seat. */
import { forget, recallJSON, remember } from "../ui/storage.js";

const LED = "unrolled.room";
const SEAT = "unrolled.seat";
const HANDED = "unrolled.handed";

/** The room that this tab leads. @returns {{code: string, token: string, taken?: boolean} | null} */
export const ledRoom = () => recallJSON(LED, "tab");

/** @param {{code: string, token: string, taken?: boolean}} room  `taken`: the lead has just been */
export const keepLed = ({ code, token, taken }) =>
  remember(LED, JSON.stringify({ code, token, taken }), "tab");

/**
 * The training runs that were handed over with the lead, for the page that goes on with them.
 * @param {Record<string, string>} keys  by cell
 */
export const keepHanded = (keys) => remember(HANDED, JSON.stringify(keys), "tab");

/** They are given once. @returns {Record<string, string>} */
export function handedRuns() {
  const keys = recallJSON(HANDED, "tab");
  forget(HANDED, "tab");
  return keys ?? {};
}

/**
 * The key with which this page joins a room: a teacher's token, that of a student who has been in
 * it, or a name.
 * @param {string} code
 * @returns {import("./room-channel.js").Joining}
 */
export function seatIn(code) {
  const led = ledRoom();
  if (led?.code === code) return { join: led.token };
  const { code: its, ...seat } = recallJSON(SEAT) ?? {};
  return its === code ? seat : { join: "" };
}

/** The code of the room in which this browser has a seat. @returns {string | null} */
export const seated = () => recallJSON(SEAT)?.code ?? null;

/**
 * @param {string} code
 * @param {import("./room-channel.js").Joining} seat
 */
export const keepSeat = (code, seat) => remember(SEAT, JSON.stringify({ code, ...seat }));

/** @param {string} code  of a room that is over */
export function leaveRoom(code) {
  if (ledRoom()?.code === code) forget(LED, "tab");
  if (seated() === code) forget(SEAT);
}
