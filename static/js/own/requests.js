/** Requests about a user's own network. */

import { explain } from "../text/problems.js";
import { headOf, isLarge, partOf } from "./large-file.js";

/**
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("../text/problems.js").Problem} Problem
 * @typedef {{name: string, cell: string, inputs: number, hidden_size: number, layers: number,
 *   bidirectional: boolean, projection: number, readouts: string[], embeddings: string[],
 *   problem: Problem | null}} Module
 * @typedef {{kind: string, name: string | null, modules: Module[],
 *   recording: import("./recorded-window.js").Recorded | null}} Found
 * @typedef {{module?: string, head?: string, embedding?: string, reads?: string,
 *   checkpoint?: string, step?: string, sequence?: string}} Choice
 */

/** Endings of files whose bytes are read; of others the name says enough. */
const READ = /\.(safetensors|keras|h5|npz|npy|csv|txt)$/i;

/**
 * The answer to a request, or the sentence that says what is wrong.
 * @param {string} url
 * @param {BodyInit} body
 * @param {Translate} t
 * @returns {Promise<{said: any, problem: ""} | {said: null, problem: string}>}
 */
async function posted(url, body, t) {
  const answer = await fetch(url, { method: "POST", body }).catch(() => null);
  if (!answer) return { said: null, problem: t("status.offline") };
  const said = await answer.json().catch(() => null);
  if (answer.ok) return { said, problem: "" };
  return { said: null, problem: said ? explain(said, t) : t("status.offline") };
}

/**
 * The content of a file, and the name of its network, if nothing is to be chosen.
 * @param {string} url
 * @param {File} file
 * @param {Choice} choice
 * @param {Translate} t
 * @returns {Promise<{said: Found | null, problem: string}>}
 */
export async function openFile(url, file, choice, t) {
  const asked = new URLSearchParams({ name: file.name, ...choice });
  if (!isLarge(file)) return posted(`${url}?${asked}`, READ.test(file.name) ? file : "", t);
  if (choice.module !== undefined) return posted(`${url}?${asked}`, await partOf(file, choice), t);
  const found = await posted(`${url}?${asked}&listed=1`, await headOf(file), t);
  const only = found.said && onlyOf(found.said.modules);
  if (!only) return found;
  const { said, problem } = await openFile(url, file, { ...choice, ...only }, t);
  return { said: said && { ...said, modules: found.said?.modules ?? [] }, problem };
}

/**
 * The choice where a file leaves none; else null.
 * @param {Module[]} modules
 * @returns {Choice | null}
 */
function onlyOf(modules) {
  const [only, ...others] = modules.filter(({ problem }) => !problem);
  if (!only || others.length) return null;
  const { name, readouts, embeddings, bidirectional } = only;
  if (readouts.length > 1 || embeddings.length > 1 || bidirectional) return null;
  return { module: name, head: readouts[0] ?? "", embedding: embeddings[0] ?? "" };
}

/**
 * The name of the network with another vocabulary, and what was typed, as it reads it.
 * @param {string} url
 * @param {{checkpoint: string, vocabulary: string} & import("./typed-text.js").Typed} asked
 * @param {Translate} t
 * @returns {Promise<{said: import("./typed-text.js").Read | null, problem: string}>}
 */
export const nameWords = (url, asked, t) => posted(url, JSON.stringify(asked), t);
