/**
 * A problem in the reader's language.
 *
 * @typedef {import("../net/problem.js").Problem} Problem
 * @typedef {import("./format.js").Translate} Translate
 */

/** A place in a teacher's file, as the server names it: a table, and the step within. */
const PLACE = /^(lesson|words)(?:, (.+))?$/;

/**
 * A problem in the reader's language: fields, and the tables of a lesson, go by the names they have
 * on the page. One that it tells of is told likewise.
 * @param {Problem} problem
 * @param {Translate} t
 * @returns {string}
 */
export function explain({ field, code, details, message }, t) {
  const known = field && t.has(`field.${field}`);
  const { problem, where, script, choices, cell, cells, task, value } =
    /** @type {Record<"where" | "script" | "choices" | "cell" | "cells" | "task", string> & {problem?: Problem, value?: unknown}} */ (
      details
    );
  /** @param {string} of @param {string} choice */
  const named = (of, choice) =>
    t.has(`choice.${of}.${choice}`) ? t(`choice.${of}.${choice}`) : choice;
  /** @param {string} of @param {string} choices */
  const listed = (of, choices) =>
    choices.split(", ").map((each) => named(of, each)).join(t("language.comma"));
  const within = {
    ...(problem && { problem: explain(problem, t) }),
    ...(where && { where: place(where, t) }),
    ...(script && { script: t(`script.${script}`) }),
    ...(cell && { cell: named("cell", cell) }),
    ...(cells && { cells: listed("cell", cells) }),
    ...(task && t.has(`task.${task}`) && { task: t(`task.${task}`) }),
    ...(choices && { choices: listed(field ?? "", choices) }),
    ...(typeof value === "string" && { value: named(field ?? "", value) }),
  };
  const text = t.has(`error.${code}`)
    ? t(`error.${code}`, { ...details, ...within, field: known ? t(`field.${field}`) : field })
    : message;
  const theirs = String(details.value ?? ""); // a file's name begins as the user wrote it
  return theirs && text.startsWith(theirs) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * @param {string} where
 * @param {Translate} t
 */
function place(where, t) {
  const [, table, step] = PLACE.exec(where) ?? [];
  if (!table) return where;
  if (step) return t("where.lesson.step", { step });
  return t(table === "lesson" ? "where.lesson" : "where.words");
}
