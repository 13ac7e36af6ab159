import { createOffers } from "../../../static/js/room/offers.js";
import { equal } from "../assert.js";

const page = globalThis.document;

Deno.test("an offer is new until the window with it has been open", () => {
  const element = () => /** @type {any} */ ({ append() {}, addEventListener() {} });
  globalThis.document = /** @type {any} */ ({ createElement: element });
  const node = /** @type {any} */ ({ querySelector: () => ({ replaceChildren() {} }) });
  const t = /** @type {any} */ ((/** @type {string} */ key) => key);
  const offers = createOffers(node, t, /** @type {any} */ ({}), () => {});
  const offer = (/** @type {number} */ playhead) => /** @type {any} */ ({
    name: "",
    page: "train",
    step: "",
    address: {},
    playhead,
  });
  offers.render([offer(1)]); // was there when the page was loaded
  equal(offers.fresh(false), 0);
  offers.render([offer(1), offer(2)]);
  equal([offers.fresh(false), offers.fresh(true), offers.fresh(false)], [1, 0, 0]);
  offers.render([offer(2), offer(3)]);
  equal(offers.fresh(false), 1);
  globalThis.document = page;
});
