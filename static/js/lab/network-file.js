/** Opens a file that the command `unrolled train` wrote: the lab then shows that network. */

import { explain } from "../text/problems.js";

/** @typedef {import("../text/format.js").Translate} Translate */

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} error
 * @param {string} url  to which the file is posted; the answer names the network
 * @param {Translate} t
 * @param {(name: string) => void} opened  is told what the server calls the network
 */
export function createNetworkFile(input, error, url, t, opened) {
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    error.hidden = true;
    const problem = await open(file);
    error.textContent = problem;
    error.hidden = problem === "";
    input.value = ""; // the same file can be chosen again, once it is mended
  });

  /**
   * The problem, in words; empty where the network opens.
   * @param {File} file
   */
  async function open(file) {
    const name = encodeURIComponent(file.name);
    const answer = await fetch(`${url}?name=${name}`, { method: "POST", body: file }).catch(() =>
      null
    );
    if (!answer) return t("status.offline");
    if (!answer.ok) return explain(await answer.json(), t);
    const { name: kept } = await answer.json();
    opened(kept);
    return "";
  }
}
