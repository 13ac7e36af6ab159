/**
 * An engine that reports nothing more once a signal is given: its channels are closed, what is
 * under way is given up, and what is asked later has no answer.
 *
 * @typedef {import("./server.js").Engine} Engine
 */

/**
 * @param {Engine} engine
 * @param {AbortSignal} signal
 * @returns {Engine}
 */
export function engineUntil(engine, signal) {
  return {
    ...engine,
    runs(on) {
      const channel = engine.runs({
        frame: (frame) => signal.aborted || on.frame(frame),
        way: (way) => signal.aborted || on.way(way),
      });
      signal.addEventListener("abort", channel.close);
      return {
        ...channel,
        request: (...wanted) => signal.aborted ? 0 : channel.request(...wanted),
      };
    },
    async ask(question, body, given, progress) {
      try {
        signal.throwIfAborted();
        return await engine.ask(question, body, AbortSignal.any([given, signal]), progress);
      } catch (error) {
        if (signal.aborted) return new Promise(() => {});
        throw error;
      }
    },
  };
}
