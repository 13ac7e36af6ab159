/** The list of lessons: how far one has come in each, which this browser alone knows. */
import { bringBack, hasAside, recallLesson, remembers, setAside } from "../course/memory.js";
import { translator } from "../text/format.js";
import { dataOf, partsOf } from "../ui/dom.js";

const t = translator(dataOf("config").catalog);
const part = partsOf(document);
const [forget, back] = [part("forget"), part("back")];

for (const [button, act] of [[forget, setAside], [back, bringBack]]) {
  button.addEventListener("click", () => {
    act();
    mark();
  });
}
// A page that the browser shows again, after Back, has changed meanwhile.
addEventListener("pageshow", mark);

function mark() {
  forget.hidden = !remembers();
  back.hidden = !hasAside();
  for (const item of document.querySelectorAll("[data-lesson]")) {
    const { lesson = "", steps, questions } = /** @type {HTMLElement} */ (item).dataset;
    const { seen, said } = recallLesson(lesson);
    const line = /** @type {HTMLElement} */ (item.querySelector(".progress"));
    const [name, share, count] = questions
      ? ["course.answered", Object.keys(said).length, Number(questions)]
      : ["course.seen", seen.length, Number(steps)];
    line.hidden = share === 0;
    line.textContent = share < count ? t(name, { seen: share, count }) : t("course.done");
    line.dataset.done = String(share >= count);
  }
}
