/**
 * The windows of one presenter, in step: what the class sees, and the teacher's notes.
 *
 * @typedef {import("../lessons/navigation.js").Lesson} Lesson
 * @typedef {{type: "at", id: string}
 *   | {type: "hello"}
 *   | {type: "bye"}
 *   | {type: "move", by: 1 | -1}
 *   | {type: "key", key: string}
 *   | {type: "lesson", lesson: Lesson, id: string}} Message
 */
import { recall, remember } from "../ui/storage.js";

const NAME = "room";

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

/** The name of this tab's room, which it keeps when it is loaded again. */
export function roomName() {
  const given = new URLSearchParams(location.search).get(NAME);
  if (given) return given;
  const name = recall(NAME, "tab") ?? crypto.getRandomValues(new Uint32Array(1)).join();
  remember(NAME, name, "tab");
  return name;
}
