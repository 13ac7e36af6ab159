import { placeTip } from "../../../static/js/ui/tooltip.js";
import { equal } from "../assert.js";

const PAGE = { width: 1000, height: 700 };
const TIP = { width: 200, height: 60 };
const PLAYER = { left: 300, right: 1000, top: 500, bottom: 550 };

/**
 * @param {Partial<import("../../../static/js/ui/tooltip.js").Place>} change
 * @param {import("../../../static/js/ui/tooltip.js").Place[]} [free]
 */
const placed = (change, free = [PLAYER]) =>
  placeTip({ left: 600, right: 640, top: 300, bottom: 320, ...change }, TIP, PAGE, free);

Deno.test("a tip is below the middle of its element", () => {
  equal(placed({}), { x: 520, y: 330 });
});

Deno.test("a tip that would cover the player is above its element", () => {
  equal(placed({ top: 460, bottom: 480 }), { x: 520, y: 390 });
  equal(placed({ left: 0, right: 40, top: 460, bottom: 480 }), { x: 8, y: 490 }); // beside it
});

Deno.test("a tip is in the window", () => {
  equal(placed({ left: 0, right: 40, top: 640, bottom: 660 }), { x: 8, y: 570 });
  equal(placed({ left: 990, right: 1000 }), { x: 792, y: 330 });
  equal(placed({ top: 20, bottom: 480 }), { x: 520, y: 490 }); // over the player: nowhere else
});

Deno.test("a tip leaves the letters free, also those above its element", () => {
  const letters = { left: 300, right: 1000, top: 350, bottom: 400 };
  equal(placed({ top: 280, bottom: 330 }, [letters, PLAYER]), { x: 520, y: 210 });
  equal(placed({ top: 405, bottom: 480 }, [letters, PLAYER]), { x: 520, y: 280 });
});
