/** The QR code of the state on the stage, for the phones of a class. */
import { explain } from "../text/problems.js";
import { root } from "../net/base-url.js";
import { finder } from "../ui/dom.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {{qr: string, addresses: string}} urls
 * @param {import("../text/format.js").Translate} t
 * @param {() => string} path  of the page as it is now
 * @param {(address: string) => string} [typed]  what of the address is to be read, and typed
 */
export function createQr(dialog, urls, t, path, typed = (address) => address) {
  const part = finder(dialog);
  const picture = /** @type {HTMLImageElement} */ (part("img"));
  const hosts = /** @type {HTMLSelectElement} */ (part("select"));
  const [address, another, error] = [part(".address"), part(".another"), part(".error")];

  hosts.addEventListener("change", draw);
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });

  return {
    async show() {
      clear();
      another.hidden = true;
      dialog.showModal();
      const answer = await ask(urls.addresses, {});
      if (!answer) return;
      offer((await answer.json()).addresses);
      draw();
    },
  };

  function clear() {
    picture.hidden = error.hidden = true;
    address.textContent = "";
  }

  /**
   * One machine may be in several networks, and which of them the phones are in only people know.
   * @param {string[]} addresses
   */
  function offer(addresses) {
    const before = hosts.value;
    const names = addresses.map((each) => new URL(each).hostname.replace(/^\[|\]$/g, ""));
    hosts.replaceChildren(...names.map((name) => new Option(name, name)));
    if (names.includes(before)) hosts.value = before;
    another.hidden = names.length < 2;
  }

  async function draw() {
    clear();
    const host = hosts.value;
    const answer = await ask(urls.qr, { path: path(), host });
    if (!answer || host !== hosts.value) return;
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(await answer.blob());
    const whole = answer.headers.get("Content-Location") ?? "";
    address.textContent = typed(whole);
    picture.alt = t("qr.title", { address: whole });
    picture.hidden = false;
  }

  /**
   * @param {string} url
   * @param {Record<string, string>} query
   * @returns {Promise<Response | null>} nothing where it is refused, which is said
   */
  async function ask(url, query) {
    const search = new URLSearchParams({ ...query, base: root() });
    const answer = await fetch(`${url}?${search}`).catch(() => null);
    if (answer?.ok) return answer;
    error.textContent = answer ? explain(await answer.json(), t) : t("status.offline");
    error.hidden = false;
    return null;
  }
}
