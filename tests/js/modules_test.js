import { equal } from "./assert.js";

const ROOT = "static/js";
const MOST_LINES = 250;
const MOST_FILES = 16;
/** Functions longer than this make an object of functions: they share what is between its braces. */
const MOST_OF_A_FUNCTION = 40;
const SHARING = /^create[A-Z]/;
/** Uses of the page as a whole, which a mounted module must not have: its parts come as arguments. */
const OF_THE_PAGE =
  /getElementById|\blocation\b|(?<![.\w])addEventListener\(|\bwindow\.|document\.querySelector/;
/** Folders whose modules may be mounted anywhere, and more than once. */
const MOUNTED = ["lab", "equation", "stage", "canvas", "charts", "run", "experiment", "text"];

/** @type {Map<string, string>} the text of each module, by its path */
const modules = new Map();
for (const folder of [...Deno.readDirSync(ROOT)].map(({ name }) => name)) {
  read(`${ROOT}/${folder}`);
}

/** @param {string} folder */
function read(folder) {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) read(path);
    else if (name.endsWith(".d.ts")) continue; // made from the server's classes
    else modules.set(path.slice(ROOT.length + 1), Deno.readTextFileSync(path));
  }
}

/** @param {string} text */
const withoutComments = (text) => text.replace(/\/\*\*[^]*?\*\/|\/\/.*/g, "");

/** @param {string} path */
const folderOf = (path) => path.slice(0, path.lastIndexOf("/"));

/**
 * The modules that one imports.
 * @param {string} path
 * @param {string} text
 */
function imports(path, text) {
  return [...text.matchAll(/^(?:import|\}) [^;]*?"(\.[^"]+)";$/gm)].map(([, to]) =>
    new URL(to, `file:///${path}`).pathname.slice(1)
  );
}

Deno.test("a module has at most 250 lines, and a folder at most 16 of them", () => {
  const long = [...modules].filter(([, text]) => text.trimEnd().split("\n").length > MOST_LINES);
  equal(long.map(([path]) => path), []);
  const folders = Object.groupBy(modules.keys(), folderOf);
  equal(Object.keys(folders).filter((name) => (folders[name]?.length ?? 0) > MOST_FILES), []);
});

Deno.test("no modules import each other in a circle", () => {
  const graph = new Map([...modules].map(([path, text]) => [path, imports(path, text)]));
  /** @type {Set<string>} */
  const done = new Set();
  /** @param {string} path @param {string[]} above */
  const visit = (path, above) => {
    equal(above.includes(path) ? [...above, path] : [], []);
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
});

Deno.test("an export is used by another module, or by a test", () => {
  const tests = [...testsIn("tests/js")].map((path) => Deno.readTextFileSync(path));
  const unused = [...modules].flatMap(([path, text]) =>
    [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|let) (\w+)/gm)]
      .map(([, name]) => name)
      .filter((name) => {
        const word = new RegExp(`\\b${name}\\b`);
        return !tests.some((each) => word.test(each)) &&
          ![...modules].some(([other, each]) => other !== path && word.test(each));
      })
  );
  equal(unused, []);
});

/** @param {string} folder @returns {Generator<string>} */
function* testsIn(folder) {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* testsIn(path);
    else if (name.endsWith(".js")) yield path;
  }
}

Deno.test("a function has at most 40 lines, but for those that share a state", () => {
  const found = [...modules].flatMap(([path, text]) => {
    const lines = text.split("\n");
    return lines.flatMap((line, start) => {
      const [, indent, name] = /^(\s*)(?:export )?(?:async )?function (\w+)\(/.exec(line) ?? [];
      if (!name || SHARING.test(name)) return [];
      const end = lines.findIndex((each, i) => i > start && each.startsWith(`${indent}}`));
      return end - start < MOST_OF_A_FUNCTION ? [] : [`${path} ${name}`];
    });
  });
  equal(found, ["lab/state.js reduce"]); // one line for each action
});

Deno.test("a mounted module uses neither elements outside its own nor the window's events", () => {
  const mounted = [...modules].filter(([path]) => MOUNTED.includes(path.split("/")[0]));
  const found = mounted.filter(([, text]) => OF_THE_PAGE.test(withoutComments(text)));
  equal(found.map(([path]) => path), []);
});
