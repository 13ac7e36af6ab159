/** The QR code of the state on the stage, for the phones of a class. */
import { explain } from "../controls.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button
 * @param {string} url
 * @param {import("../format.js").Translate} t
 * @param {() => string} path  of the page as it is now
 */
export function createQr(dialog, button, url, t, path) {
  /** @template {HTMLElement} E @param {string} selector @returns {E} */
  const part = (selector) => /** @type {E} */ (dialog.querySelector(selector));
  const picture = /** @type {HTMLImageElement} */ (part("img"));
  const [address, error] = [part(".address"), part(".error")];

  button.addEventListener("click", async () => {
    picture.hidden = error.hidden = true;
    address.textContent = "";
    dialog.showModal();
    const answer = await fetch(`${url}?path=${encodeURIComponent(path())}`).catch(() => null);
    if (!answer?.ok) {
      error.textContent = answer ? explain(await answer.json(), t) : t("status.offline");
      error.hidden = false;
      return;
    }
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(await answer.blob());
    address.textContent = answer.headers.get("Content-Location");
    picture.alt = t("qr.title", { address: address.textContent });
    picture.hidden = false;
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
}
