/** The keys of a lesson before a class: at the desk, on a clicker, and in the window of the notes. */
import { listen, playing } from "../ui/shortcuts.js";

/**
 * @param {{lab: import("../lab/lab.js").Lab,
 *   presenting: ReturnType<typeof import("./projector.js").createProjector>,
 *   screen: ReturnType<typeof import("./blackout.js").createBlackout>,
 *   question: {key: (key: string) => boolean}, help: {open: () => void}, openNotes: () => void,
 *   onward: () => void, back: () => void}} of
 * @param {Pick<ReturnType<typeof import("../room/follower.js").createFollower>, "held" | "follows"> | null} [follower]
 *   of a class in a room, for whom the keys of the lesson may be still
 * @returns {(key: string) => void} does what a key does that was pressed in another window
 */
export function listenInClass(of, follower) {
  const { lab, presenting, screen, question, help, onward, back } = of;
  const held = follower?.held ?? ((/** @type {import("../ui/shortcuts.js").Keys} */ keys) => keys);
  /** @type {import("../ui/shortcuts.js").Keys} */
  const keys = {
    ...held({
      ...playing(lab),
      ArrowRight: onward,
      ArrowLeft: back,
      " ": () => presenting.is() ? onward() : lab.playback.toggle(),
      k: lab.playback.toggle,
    }),
    ...presenting.keys,
    b: screen.blank,
    ".": screen.blank,
    s: screen.spotlight,
    "?": help.open,
    Escape: screen.clear,
  };
  const clicker = held({ PageDown: onward, PageUp: back });
  const answers = (/** @type {string} */ key) => !follower?.follows() && question.key(key);
  const here = { ...keys, ...held({ n: of.openNotes }) };
  listen(here, presenting.is, { ...presenting.escape, ...clicker }, answers);
  /** @type {import("../ui/shortcuts.js").Keys} */
  const remote = { ...keys, ...clicker, " ": onward };
  return (key) => {
    if (!question.key(key)) remote[key]?.();
  };
}
