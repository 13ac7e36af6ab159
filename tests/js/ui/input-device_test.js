import { composes } from "../../../static/js/ui/input-device.js";
import { equal } from "../assert.js";

Deno.test("the key that ends a composition belongs to the input method, in Safari's order too", () => {
  const [ENTER, PROCESSED] = [13, 229];
  equal(composes({ isComposing: true, keyCode: PROCESSED }), true);
  equal(composes({ isComposing: false, keyCode: PROCESSED }), true);
  equal(composes({ isComposing: false, keyCode: ENTER }), false);
});
