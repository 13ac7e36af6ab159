/** Marks at which ends a row can be scrolled. */

for (const row of document.querySelectorAll(".masthead nav, .tabs")) {
  const tell = () => {
    const rest = row.scrollWidth - row.clientWidth - row.scrollLeft;
    const ends = [row.scrollLeft >= 1 ? "before" : "", rest >= 1 ? "after" : ""];
    /** @type {HTMLElement} */ (row).dataset.more = ends.filter(Boolean).join(" ");
  };
  row.addEventListener("scroll", tell);
  new ResizeObserver(tell).observe(row);
  row.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
