/** Marks at which ends a row, or the words of a lesson, can be scrolled. */

for (const row of document.querySelectorAll(".masthead nav, .tabs, .words")) {
  const tell = () => {
    const gone = row.matches(".words") ? row.scrollTop : row.scrollLeft;
    const whole = row.matches(".words")
      ? row.scrollHeight - row.clientHeight
      : row.scrollWidth - row.clientWidth;
    const ends = [gone >= 1 ? "before" : "", whole - gone >= 1 ? "after" : ""];
    /** @type {HTMLElement} */ (row).dataset.more = ends.filter(Boolean).join(" ");
  };
  row.addEventListener("scroll", tell);
  const sizes = new ResizeObserver(tell);
  for (const each of [row, ...row.children]) sizes.observe(each);
  row.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
