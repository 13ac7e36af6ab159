import { createAsker, lastLine, Refusal } from "../../../static/js/net/request.js";
import { equal, ok } from "../assert.js";

/**
 * Replaces fetch by a server that gives these answers, one after the other.
 * @param {Response[]} answers
 */
function served(...answers) {
  globalThis.fetch = () => Promise.resolve(/** @type {Response} */ (answers.shift()));
}

const { signal } = new AbortController();

Deno.test("progress is reported as it arrives, and the last line is the answer", async () => {
  const text = '{"finished": 1, "networks": 2}\n{"finished": 2, "netw';
  const rest = 'orks": 2}\n{"log10_median": []}\n';
  const stream = ReadableStream.from([text, rest]).pipeThrough(new TextEncoderStream());
  served(new Response(stream));
  /** @type {number[]} */
  const said = [];
  const answer = await lastLine("/api/sweep", {}, signal, ({ finished }) => said.push(finished));
  equal(said, [1, 2]);
  equal(answer, { log10_median: [] });
});

Deno.test("an error line, an early end and a refusal are errors", async () => {
  const problem = { field: null, code: "internal", details: {}, message: "the server failed" };
  for (
    const [answer, words] of [
      [new Response(JSON.stringify({ error: problem }) + "\n"), "the server failed"],
      [new Response('{"finished": 0, "networks": 2}\n'), "ended early"],
      [new Response(JSON.stringify(problem), { status: 422 }), "the server failed"],
    ]
  ) {
    served(/** @type {Response} */ (answer));
    const error = await lastLine("/api/sweep", {}, signal, () => {}).catch((error) => error);
    ok(String(error).includes(String(words)), String(error));
  }
});

Deno.test("a busy server is asked again after its Retry-After", async () => {
  const busy = () => Response.json({}, { status: 503, headers: { "Retry-After": "0" } });
  served(busy(), busy(), new Response('{"log10_median": [1]}\n'));
  equal(await lastLine("/api/sweep", {}, signal, () => {}), { log10_median: [1] });
});

Deno.test("the same request is sent once, and a new one cancels the previous", async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const asker = createAsker((_question, body, signal) => {
    signals.push(signal);
    return body === "refused" ? Promise.reject(new Refusal(problem)) : Promise.resolve(body);
  });
  const problem = { field: "cell", code: "choice", details: {}, message: "no" };
  equal(await asker.get("/a", 1), 1);
  asker.cancel();
  equal(await asker.get("/a", 1), 1);
  equal(signals.length, 1);
  const slow = asker.get("/a", 2);
  asker.get("/a", 3);
  equal(signals[1].aborted, true);
  equal(await slow, 2);
  await asker.get("/a", "refused").catch(() => {});
  await asker.get("/a", "refused").catch(() => {});
  equal(signals.length, 5);
});
