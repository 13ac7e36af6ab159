/** The switch of the language: it takes the address along, as it is at that moment. */

for (const link of document.querySelectorAll("a[data-language]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dispatchEvent(new Event("leaving"));
    const address = new URL(location.href);
    address.searchParams.set("lang", /** @type {HTMLElement} */ (link).dataset.language ?? "");
    location.assign(address);
  });
}
