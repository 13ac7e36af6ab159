/**
 * The answers of a class, for its teacher: a table to save, and a page to print.
 *
 * @typedef {import("../../text/format.js").Translate} Translate
 * @typedef {{question: any, rounds: any[], answers: {round: number, student: number, name: string,
 *   answer: number[]}[]}} Answered
 */
import { shareAt } from "../../canvas/color-scale.js";
import { wholePercent } from "../../text/format.js";
import { explain } from "../../text/problems.js";
import { create, download } from "../../ui/dom.js";
import { LETTERS, plain, resultsOf, wordsOf } from "./results.js";

/**
 * @param {HTMLElement} node  with the buttons
 * @param {string} rooms  the address of rooms
 * @param {Translate} t
 * @param {() => {code: string, token: string} | null} of
 */
export function createReport(node, rooms, t, of) {
  const error = /** @type {HTMLElement} */ (node.querySelector("[role=alert]"));
  node.querySelector("[value=csv]")?.addEventListener("click", async () => {
    const answer = await ask("answers");
    if (answer) download(await answer.blob(), `${of()?.code}.csv`);
  });
  node.querySelector("[value=print]")?.addEventListener("click", async () => {
    const answer = await ask("results");
    if (answer) print((await answer.json()).questions);
  });

  /** @param {string} what */
  async function ask(what) {
    const { code, token } = of() ?? {};
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(`${rooms}/${code}/${what}`, { headers }).catch(() => null);
    error.hidden = Boolean(answer?.ok);
    if (answer?.ok) return answer;
    error.textContent = answer ? explain(await answer.json(), t) : t("status.offline");
    return null;
  }

  /** @param {Answered[]} questions */
  function print(questions) {
    const title = create("h1", {}, t("report.title", { code: of()?.code }));
    const page = create(
      "section",
      { className: "report" },
      title,
      ...questions.map((each) => part(each, t)),
    );
    document.body.append(page);
    addEventListener("afterprint", () => page.remove(), { once: true });
    globalThis.print();
  }
}

/** @param {Answered} answered @param {Translate} t */
function part({ question, rounds, answers }, t) {
  const { truth } = question;
  const results = resultsOf({ question, shown: rounds, truth }, t);
  const heads = ["student", "round", "answer"].map((name) => create("th", {}, t(`report.${name}`)));
  const rows = answers.map(({ round, student, name, answer }) =>
    create(
      "tr",
      {},
      ...[name || student, round, said(question, answer)].map((text) =>
        create("td", {}, String(text))
      ),
    )
  );
  return create(
    "article",
    {},
    create("h2", {}, `${question.number}. ${wordsOf(question, t)}`),
    create("div", { className: "results" }, ...results),
    create(
      "table",
      {},
      create("thead", {}, create("tr", {}, ...heads)),
      create("tbody", {}, ...rows),
    ),
  );
}

/** @param {any} question @param {number[]} answer */
function said({ kind, about }, answer) {
  if (kind === "choice") return LETTERS[answer[0]];
  if (kind === "number") return plain(answer[0]);
  const powers = about === "powers";
  const shares = answer.map((height) => shareAt(height, powers ? about : "linear"));
  return shares.map((log10) => powers ? plain(log10) : wholePercent(10 ** log10)).join(" ");
}
