import { translator } from "../../../static/js/text/format.js";
import { outcome, toggled } from "../../../static/js/train/guess.js";
import { equal } from "../assert.js";

const t = translator(JSON.parse(Deno.readTextFileSync("app/i18n/en.json")));

Deno.test("each network is guessed or not, and none of them is a guess too", () => {
  equal(toggled(null, "lstm"), ["lstm"]);
  equal(toggled(["lstm"], "gru"), ["lstm", "gru"]);
  equal(toggled(["lstm", "gru"], "lstm"), ["gru"]);
  equal(toggled(["gru"], "gru"), null);
  equal(toggled(["gru"], ""), []);
  equal(toggled([], ""), null);
  equal(toggled([], "rnn"), ["rnn"]);
});

Deno.test("a guess is shown beside its result", () => {
  equal(outcome(null, ["lstm"], t), "");
  equal(outcome(["lstm"], null, t), "You guessed: LSTM.");
  equal(outcome(["gru", "lstm"], ["lstm", "gru"], t), "You guessed: GRU, LSTM. That is right.");
  equal(outcome(["rnn"], ["lstm"], t), "You guessed: RNN. Learnt by: LSTM.");
  equal(outcome([], ["lstm"], t), "You guessed: none. Learnt by: LSTM.");
  equal(outcome(["rnn"], [], t), "You guessed: RNN. Learnt by: none.");
  equal(outcome([], [], t), "You guessed: none. That is right.");
});
