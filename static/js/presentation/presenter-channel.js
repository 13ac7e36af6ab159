/**
 * The windows of one presenter, in step: what the class sees, and the teacher's notes.
 *
 * @typedef {import("../lessons/navigation.js").Lesson} Lesson
 * @typedef {{type: "at", id: string}
 *   | {type: "hello"}
 *   | {type: "bye"}
 *   | {type: "move", by: 1 | -1, to?: {slug: string, id: string} | null}
 *   | {type: "key", key: string}
 *   | {type: "lesson", lesson: Lesson, id: string}} Message
 */
import { recall, remember } from "../ui/storage.js";

/** Of this tab and its window of notes, in the address of that and in what the tab keeps. */
export const WINDOW = "window";

/**
 * @param {string} name
 * @param {(message: Message) => void} heard
 */
export function createPresenterChannel(name, heard) {
  const channel = new BroadcastChannel(`unrolled ${name}`);
  channel.onmessage = ({ data }) => heard(data);
  return {
    /** @param {Message} message */
    say: (message) => channel.postMessage(message),
  };
}

/** The name of this tab and its window of notes, which it keeps when it is loaded again. */
export function windowName() {
  const given = new URLSearchParams(location.search).get(WINDOW);
  if (given) return given;
  const name = recall(WINDOW, "tab") ?? crypto.getRandomValues(new Uint32Array(1)).join();
  remember(WINDOW, name, "tab");
  return name;
}
