/**
 * The moments at which a lab is drawn.
 *
 * @typedef {import("./state.js").State} State
 */

/** Milliseconds in which a run that comes is drawn together with the change that it is of. */
const TOGETHER = 50;

/**
 * @param {() => State} state
 * @param {(state: State) => void} draw
 */
export function createDrawing(state, draw) {
  const waiting = { frame: 0, run: 0 };

  return {
    now,
    /** A change is drawn with its run, where that comes soon: a frame of its own would keep that waiting. */
    withRun() {
      waiting.run ||= setTimeout(now, TOGETHER);
    },
    stop() {
      clearTimeout(waiting.run);
      cancelAnimationFrame(waiting.frame);
    },
  };

  /**
   * Drawn on arrival, so that a drag sees its number in the frame that is being made; at most once a
   * frame while a long run streams in.
   */
  function now() {
    clearTimeout(waiting.run);
    waiting.run = 0;
    const { run } = state();
    if (!run || run.end) return draw(state());
    waiting.frame ||= requestAnimationFrame(() => {
      waiting.frame = 0;
      draw(state());
    });
  }
}
