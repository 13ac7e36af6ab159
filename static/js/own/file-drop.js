/** Files that are dropped anywhere on the page, or chosen with an input. */

/**
 * @param {HTMLInputElement} input
 * @param {(file: File) => void} taken
 */
export function createFileDrop(input, taken) {
  const { body } = document;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) taken(file);
    input.value = ""; // the same file can be chosen again, once it is mended
  });
  for (const type of ["dragenter", "dragover"]) {
    addEventListener(type, (event) => over(/** @type {DragEvent} */ (event)));
  }
  addEventListener("dragleave", ({ relatedTarget }) => {
    if (!relatedTarget) delete body.dataset.dropping; // it has left the window
  });
  addEventListener("drop", (event) => {
    delete body.dataset.dropping;
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault(); // the browser would leave the page for the file
    taken(file);
  });

  /** @param {DragEvent} event */
  function over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    body.dataset.dropping = "";
  }
}
