import {
  experimentFrom,
  followersFrom,
  number,
  pinsFrom,
  searchFor,
} from "../../../static/js/experiment/address.js";
import { equal } from "../assert.js";
import "../cells.js";

const defaults = { sequence: "the sky", cell: "rnn", recurrent_scale: 1, seed: 0 };

Deno.test("the address holds what differs from the defaults", () => {
  equal(searchFor(defaults, defaults), "");
  equal(
    searchFor({ ...defaults, sequence: "云 & ?", recurrent_scale: 1.5 }, defaults),
    "?sequence=%E4%BA%91+%26+%3F&recurrent_scale=1.5",
  );
});

Deno.test("an address restores its experiment", () => {
  const experiment = { ...defaults, sequence: "👨‍👩‍👧 = 100%", seed: 7 };
  equal(experimentFrom(searchFor(experiment, defaults), defaults), experiment);
});

Deno.test("unknown names are ignored, and a bad number is kept for the message", () => {
  equal(experimentFrom("?seed=many&colour=red", defaults), { ...defaults, seed: "many" });
});

Deno.test("pinned experiments are addresses within the address", () => {
  const pins = [{ ...defaults, cell: "lstm" }, { ...defaults, sequence: "a&b=c", seed: 3 }];
  const search = searchFor(defaults, defaults, pins);
  equal(pinsFrom(search, defaults), pins);
  equal(experimentFrom(search, defaults), defaults);
  equal(pinsFrom("?seed=3", defaults), []);
  equal(pinsFrom(searchFor(defaults, defaults, [defaults]), defaults), [defaults]);
});

Deno.test("the cells that follow the experiment are in the address by name", () => {
  const search = searchFor(defaults, defaults, [], "?view=projector", "linear", ["gru", "lstm"]);
  equal(search, "?follow=gru&follow=lstm&view=projector");
  equal(followersFrom(search), ["gru", "lstm"]);
  equal(followersFrom("?follow=nothing&pin=cell%3Dlstm"), []);
});

Deno.test("an empty number is not zero", () => {
  equal([number(""), number("0.5"), number("1e3"), number("x")], ["", 0.5, 1000, "x"]);
});
