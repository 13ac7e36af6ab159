/**
 * What the lab of a teacher tells the room: all that has changed, twenty times a second at most; the
 * strip of the bars while a thumb moves, and once without it when it rests.
 *
 * @typedef {import("../lab/state.js").State} State
 */
import { debounced } from "../ui/debounce.js";
import { news, shownBy, stripOf } from "./room-state.js";

const PAUSE = 50;
const REST = 200;

/**
 * @param {(message: object) => boolean} say  whether it could be said
 * @param {import("../lab/state.js").Experiment} defaults
 */
export function createDriving(say, defaults) {
  /** @type {Partial<import("./room-state.js").Shown>} */
  let told = {};
  /** @type {State | null} */
  let state = null;
  let moves = false;
  let stripped = false;
  let timer = 0;
  const rest = debounced(() => {
    moves = false;
    tell();
  }, REST);

  return {
    /** @param {State} next */
    show(next) {
      if (state && next.experiment !== state.experiment) {
        moves = true;
        rest.soon();
      }
      state = next;
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
    if (!state) return;
    const shown = shownBy(state, defaults);
    const changes = news(told, shown);
    const strip = moves && state.run ? stripOf(state.run) : null;
    if (!changes && !strip && !stripped) return;
    if (!say({ do: "drive", page: "", ...changes, ...(strip && { strip }) })) return;
    told = shown;
    stripped = strip !== null;
  }
}
