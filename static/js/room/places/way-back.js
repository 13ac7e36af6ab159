/** On a page that follows no room: the way back to the class, for a student who has wandered off. */
import { root } from "../../net/base-url.js";
import { leaveRoom, seated } from "../kept.js";
import { roomIn } from "../way-in.js";

const code = seated();
if (code && !roomIn(location.search)) offer(code);

/** @param {string} code */
async function offer(code) {
  const template =
    /** @type {HTMLTemplateElement} */ (document.querySelector("[data-part=to-class]"));
  const found = await fetch(`${root()}api/rooms/${code}`).catch(() => null);
  if (found?.status === 404) return leaveRoom(code);
  const link = /** @type {Element} */ (template.content.firstElementChild).cloneNode(true);
  /** @type {Element} */ (link).setAttribute("href", `${root()}?room=${code}`);
  template.after(link);
}
