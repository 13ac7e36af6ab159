/**
 * Asking the server: one question at a time, the latest wins.
 *
 * @typedef {(line: {finished: number, networks: number}) => void} Progress
 */

const MOST_TRIES = 5;
const STATUS_BUSY = 503;

/** The server's error response. */
export class Refusal extends Error {
  /** @param {import("../lab/state.js").Problem} problem */
  constructor(problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Cached answers, one request at a time. A new request aborts the one before.
 * @template Answer
 * @param {(question: string, body: unknown, signal: AbortSignal) => Promise<Answer>} ask
 */
export function createAsker(ask) {
  /**
   * @typedef {{key: string, answer: Promise<Answer>, controller: AbortController, done: boolean}} Asked
   * @type {Asked | null}
   */
  let current = null;
  return {
    /**
     * @param {string} question
     * @param {unknown} body
     */
    get(question, body) {
      const key = question + JSON.stringify(body);
      if (current?.key === key) return current.answer;
      current?.controller.abort();
      const controller = new AbortController();
      const answer = ask(question, body, controller.signal);
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
 * @param {string} url
 * @param {unknown} body
 * @param {AbortSignal} signal
 */
export async function answerTo(url, body, signal) {
  return (await post(url, body, signal)).json();
}

/**
 * The last of the lines that are answered; `progress` hears of the others.
 * @param {string} url
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @param {Progress} progress
 */
export async function lastLine(url, body, signal, progress) {
  const { body: stream } = await post(url, body, signal);
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
      if ("finished" in line) progress(line);
    }
  }
  if (!line || "finished" in line) throw new Error(`${url} ended early`);
  return line;
}

/**
 * Repeat a request to a busy server after its Retry-After time.
 * @param {string} url
 * @param {unknown} body
 * @param {AbortSignal} signal
 */
export async function post(url, body, signal) {
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
    if (answer.status !== STATUS_BUSY || tries === MOST_TRIES) throw new Refusal(problem);
    const seconds = Number(answer.headers.get("Retry-After"));
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    signal.throwIfAborted();
  }
}
