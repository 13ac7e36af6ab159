/**
 * The engine on a server: runs come over a socket, or over HTTP where none opens, and everything else
 * is asked over HTTP. A lab asks an `Engine` and knows nothing of what is between: a worker, a
 * notebook or a recording can be another.
 *
 * @typedef {object} Engine
 * @property {(on: import("./run-channel.js").OnRuns) => import("./run-channel.js").RunChannel} runs
 *   opens a channel of runs
 * @property {(question: string, body: unknown, signal: AbortSignal,
 *   progress?: import("./request.js").Progress) => Promise<any>} ask
 *   `step`, `weights`, `sweep` or `analysis/NAME`; a refusal is a `Refusal`
 * @property {() => Promise<any>} plotly  loads the library of the charts
 * @property {(theme: string) => Promise<Record<string, import("../charts/plotly.js").Figure>>} figures
 *
 * @typedef {(on: import("./connection.js").OnConnection) => import("./connection.js").Connection} Connect
 *   opens a way for messages, and for frames back
 */
import { createConnection } from "./connection.js";
import { answerTo, lastLine } from "./request.js";
import { createRunChannel } from "./run-channel.js";

/**
 * @param {{stream: string, step: {url: string}, weights: string, sweep: string, analysis: string, plotly: string,
 *   figures: string}} urls
 * @param {{href: string, lang: string}} page  whose addresses are relative to it
 * @returns {Engine}
 */
export function createServer(urls, page) {
  return {
    runs: (on) => createRunChannel(linkTo(urls.stream, page.href), on),
    ask(question, body, signal, progress = () => {}) {
      if (question === "step") return answerTo(urls.step.url, body, signal);
      if (question === "weights") return answerTo(urls.weights, body, signal);
      if (question === "sweep") return lastLine(urls.sweep, body, signal, progress);
      return answerTo(question.replace("analysis", urls.analysis), body, signal);
    },
    async plotly() {
      await import(new URL(urls.plotly, page.href).href); // a module's own address is another
      return /** @type {any} */ (globalThis).Plotly;
    },
    async figures(theme) {
      const url = `${urls.figures}?theme=${theme}&lang=${page.lang}`;
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      return answer.json();
    },
  };
}

/**
 * Opens channels to an address of the server.
 * @param {string} url
 * @param {string} href  of the page
 * @returns {Connect}
 */
export const linkTo = (url, href) => (on) =>
  createConnection(new URL(url, href.replace(/^http/, "ws")).href, on);
