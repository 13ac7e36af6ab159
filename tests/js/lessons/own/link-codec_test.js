import { packed, unpacked } from "../../../../static/js/lessons/own/link-codec.js";
import { equal } from "../../assert.js";

Deno.test("a text survives its way through an address", async () => {
  const text = JSON.stringify({ 词: "梯度消失 👩‍🏫", long: "ab".repeat(5000) });
  const fragment = await packed(text);
  equal(/^[\w-]+$/.test(fragment), true);
  equal(fragment.length < text.length / 10, true);
  equal(await unpacked(fragment), text);
});

Deno.test("a damaged address, and one that would unpack to too much, are refused", async () => {
  const bomb = await packed("a".repeat(2_000_000));
  for (const fragment of ["!!", "____", bomb]) {
    let refused = false;
    await unpacked(fragment).catch(() => refused = true);
    equal(refused, true);
  }
});
