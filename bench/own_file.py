"""Time from a file of weights, chosen in a real Chromium, to its picture: 2 × 256 units, T = 100.

First the weights, which read a sequence of the page's, then an array of 100 vectors to read.
``python -m bench.own_file`` runs it; nothing needs PyTorch, whose names the file has.
"""

from itertools import product
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

import numpy as np
from playwright.sync_api import Page, sync_playwright
from safetensors.numpy import save_file

from bench.serving import served
from tests.browser.chromium import find
from tests.browser.conftest import FLAGS, VISITED

BLOCKS = {"RNN": 1, "GRU": 3, "LSTM": 4}
LAYERS, HIDDEN, INPUTS, OUTPUTS, LENGTH, ROUNDS = 2, 256, 64, 32, 100, 9

# From the file's choice to the animation frame whose stage is of another run, and has stopped.
WATCH = """() => {
  const stage = document.querySelector("[data-part=stage]");
  document.addEventListener("change", () => {
    const start = performance.now();
    const before = stage.dataset.run;
    delete document.body.dataset.shown;
    const look = () => stage.dataset.run === before || stage.dataset.state !== "done"
      ? requestAnimationFrame(look)
      : (document.body.dataset.shown = performance.now() - start);
    requestAnimationFrame(look);
  }, { capture: true });
}"""


def main() -> None:
    folder = Path(mkdtemp())
    read = folder / "read.npy"
    np.save(read, np.random.default_rng(0).normal(size=(LENGTH, INPUTS)))
    print(f"\nFrom a chosen file to its picture, {LAYERS} x {HIDDEN} units, median of {ROUNDS}")
    with served() as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        for kind in BLOCKS:
            weights = _file(folder, kind)
            times = [_open(browser.new_page(), url, weights, read) for _ in range(ROUNDS)]
            of_weights, of_array = (median(each) for each in zip(*times, strict=True))
            print(f"nn.{kind:5} weights {of_weights:5.0f} ms, {LENGTH} vectors {of_array:5.0f} ms")
        browser.close()


def _file(folder: Path, kind: str) -> Path:
    """Return a file of weights under the names that PyTorch gives them."""
    rng, rows = np.random.default_rng(0), BLOCKS[kind] * HIDDEN
    shapes = {"head.weight": (OUTPUTS, HIDDEN), "head.bias": (OUTPUTS,)}
    for layer, (side, width) in product(range(LAYERS), (("ih", INPUTS), ("hh", HIDDEN))):
        width = HIDDEN if layer else width
        shapes |= {
            f"rnn.weight_{side}_l{layer}": (rows, width),
            f"rnn.bias_{side}_l{layer}": (rows,),
        }
    bound = HIDDEN**-0.5
    arrays = {
        name: rng.uniform(-bound, bound, shape).astype("f4") for name, shape in shapes.items()
    }
    save_file(arrays, path := folder / f"{kind}.safetensors")
    return path


def _open(page: Page, url: str, weights: Path, read: Path) -> tuple[float, float]:
    """Return the milliseconds to the picture of the weights, and to that of the array."""
    page.add_init_script(VISITED)
    page.goto(url)
    page.wait_for_selector("[data-part=stage][data-state=done]")
    page.evaluate(WATCH)
    times = [_shown(page, file) for file in (weights, read)]
    page.close()
    return times[0], times[1]


def _shown(page: Page, file: Path) -> float:
    page.get_by_label("Open your own network").set_input_files(file)
    page.wait_for_selector("body[data-shown]")
    milliseconds: float = page.evaluate("Number(document.body.dataset.shown)")
    return milliseconds


if __name__ == "__main__":
    main()
