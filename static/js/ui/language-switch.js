/** The switch of the language: it takes the address along, as it is at that moment. */

/** @type {(() => void)[]} */
const calls = [];

/** @param {() => void} call  before the page is left for another language */
export const onLeaving = (call) => calls.push(call);

for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    for (const call of calls) call();
    const address = new URL(location.href);
    address.searchParams.set("lang", /** @type {HTMLElement} */ (link).dataset.language ?? "");
    location.assign(address);
  });
}
