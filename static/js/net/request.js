/** Asking the server: one question at a time, the latest wins. */

const PATIENCE = 5;
const STATUS_BUSY = 503;

/** The server's refusal, as it says it. */
export class Refusal extends Error {
  /** @param {import("../lab/state.js").Problem} problem */
  constructor(problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Answers to one question at a time, each asked once. A new question ends the one before.
 * @template Answer
 * @param {(body: unknown, url: string, signal: AbortSignal) => Promise<Answer>} ask
 */
export function createAsker(ask) {
  /**
   * @typedef {{key: string, answer: Promise<Answer>, controller: AbortController, done: boolean}} Asked
   * @type {Asked | null}
   */
  let current = null;
  return {
    /**
     * @param {string} url
     * @param {unknown} body
     */
    get(url, body) {
      const key = url + JSON.stringify(body);
      if (current?.key === key) return current.answer;
      current?.controller.abort();
      const controller = new AbortController();
      const answer = ask(body, url, controller.signal);
      /** @type {Asked} */
      const asked = { key, answer, controller, done: false };
      current = asked;
      answer.then(() => asked.done = true, () => {
        if (current === asked) current = null;
      });
      return answer;
    },
    /** End the question that is under way, if one is. */
    cancel() {
      if (!current || current.done) return;
      current.controller.abort();
      current = null;
    },
  };
}

/**
 * @param {unknown} body
 * @param {string} url
 * @param {AbortSignal} signal
 */
export async function answerTo(body, url, signal) {
  return (await post(body, url, signal)).json();
}

/**
 * The last of the lines that are answered; `on` hears of the others.
 * @param {(progress: {finished: number, networks: number}) => void} on
 */
export const lastLine = (on) =>
async (
  /** @type {unknown} */ body,
  /** @type {string} */ url,
  /** @type {AbortSignal} */ signal,
) => {
  const { body: stream } = await post(body, url, signal);
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (stream)
    .pipeThrough(new TextDecoderStream()).getReader();
  let [text, line] = ["", /** @type {any} */ (null)];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (text + value).split("\n");
    text = lines.pop() ?? "";
    for (const each of lines) {
      line = JSON.parse(each);
      if (line.error) throw new Refusal(line.error);
      if ("finished" in line) on(line);
    }
  }
  if (!line || "finished" in line) throw new Error(`${url} ended early`);
  return line;
};

/**
 * A busy server is asked again after as long as it says.
 * @param {unknown} body
 * @param {string} url
 * @param {AbortSignal} signal
 */
export async function post(body, url, signal) {
  const headers = { "Content-Type": "application/json" };
  for (let tries = 1;; tries++) {
    const answer = await fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers,
      signal,
    });
    if (answer.ok) return answer;
    const problem = await answer.json();
    if (answer.status !== STATUS_BUSY || tries === PATIENCE) throw new Refusal(problem);
    const seconds = Number(answer.headers.get("Retry-After"));
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    signal.throwIfAborted();
  }
}
