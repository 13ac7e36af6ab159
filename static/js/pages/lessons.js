/** The list of lessons: how far one has come in each, which this browser alone knows. */
import { forgetCourse, recallLesson, remembers } from "../course/memory.js";
import { translator } from "../text/format.js";
import { dataOf, partsOf } from "../ui/dom.js";

const t = translator(dataOf("config").catalog);
const button = /** @type {HTMLButtonElement} */ (partsOf(document)("forget"));

button.addEventListener("click", () => {
  forgetCourse();
  mark();
});
// A page that the browser shows again, after Back, has changed meanwhile.
addEventListener("pageshow", mark);

function mark() {
  button.hidden = !remembers();
  for (const item of document.querySelectorAll("[data-lesson]")) {
    const { lesson = "", steps } = /** @type {HTMLElement} */ (item).dataset;
    const { seen } = recallLesson(lesson);
    const line = /** @type {HTMLElement} */ (item.querySelector(".progress"));
    const [share, count] = [seen.length, Number(steps)];
    line.hidden = share === 0;
    line.textContent = share < count ? t("course.seen", { seen: share, count }) : t("course.done");
    line.dataset.done = String(share >= count);
  }
}
