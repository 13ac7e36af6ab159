/**
 * Messages of a teacher's page to the room: all that has changed, twenty times a second at most; the
 * strip of the bars while a thumb moves, and once without it when it rests.
 */
import { debounced } from "../ui/debounce.js";
import { news } from "./room-state.js";

const PAUSE = 50;
const REST = 200;

/**
 * @typedef {object} Led  a page that a teacher leads
 * @property {() => import("./room-state.js").Shown} shown  how it stands
 * @property {() => (number | null)[] | null} strip  its bars
 * @property {(where: Partial<import("./room-state.js").Where>) => void} go  to where a student
 *   is, or to the step that a teacher's other device says
 * @property {() => import("../lab/state.js").State} [lab]  that is on it
 * @property {() => object | null} [own]  the file of the teacher's own lesson that is on the page
 * @property {() => void} [brought]  the room has it
 * @property {(key: string) => void} [press]  a key, on another device of the teacher
 * @property {(is: boolean) => void} [predict]  whether the class predicts the way back, which is hidden
 *
 * @param {(message: object) => boolean} say  whether it could be said
 * @param {Led} page
 * @param {() => void} gone  to another step
 */
export function createDriving(say, page, gone) {
  /** @type {Partial<import("./room-state.js").Shown>} */
  let told = {};
  let moves = false;
  let stripped = false;
  let timer = 0;
  const rest = debounced(() => {
    moves = false;
    tell();
  }, REST);

  return {
    /** Something may have changed. */
    soon() {
      timer ||= setTimeout(tell, PAUSE);
    },
    /** All is told again: nothing is known to have arrived. */
    again() {
      told = {};
      tell();
    },
    stop() {
      clearTimeout(timer);
      rest.cancel();
    },
  };

  function tell() {
    clearTimeout(timer);
    timer = 0;
    const shown = page.shown();
    const changes = news(told, shown);
    if (changes?.address && told.address) {
      moves = true;
      rest.soon();
    }
    const strip = moves ? page.strip() : null;
    if (!changes && !strip && !stripped) return;
    if (!say({ do: "drive", ...changes, ...(strip && { strip }) })) return;
    if (told.step !== undefined && told.step !== shown.step) gone();
    told = shown;
    stripped = strip !== null;
  }
}
