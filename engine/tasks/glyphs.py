"""A drawing of 8 by 8 pixels, seen once, and its name spelt out: one-to-many.

As in captioning, the picture is the first input; each letter is then read as the next.
"""

from collections.abc import Sequence

import numpy as np

from unrolled.engine.numerics.arrays import Floats, read_only
from unrolled.engine.tasks.base import Batch, Task, encoded, padded, unroll
from unrolled.engine.tasks.encoding import Classes, Vectors
from unrolled.engine.tasks.from_pairs import counted, data, entropy

SIDE = 8
PIXELS = SIDE * SIDE
INK, PAPER = "#", "."
NOISE = 0.05
"""Share of the pixels that are wrong."""
ASKED = ("cat", "sun", "tree")


def glyph(length: int, examples: str) -> Task:
    """Make the task of spelling a drawing. The baseline is the loss of the letters' frequencies."""
    drawings = {
        word: "/".join(rows)
        for word, *rows in (block.split() for block in data("glyphs.txt").split("\n\n"))
    }
    cut = Classes(()).cut
    unrolled = [
        unroll("one-to-many", [drawn], word, cut, feedback=True) for word, drawn in drawings.items()
    ]
    counts = counted(unrolled)
    classes = Classes(tuple(counts))
    pixels = Vectors(PIXELS, _pixels, _drawn, next(iter(drawings.values())), names=classes.names)
    pool = padded([encoded(each, pixels, classes) for each in unrolled], "one-to-many")
    words, clean = list(drawings), pool.x[0, :, :PIXELS].astype(float)

    def draw(rng: np.random.Generator, B: int) -> Batch:
        chosen = rng.integers(len(words), size=B)
        batch, x = pool.of(chosen), pool.x[:, chosen].copy()
        x[0, :, :PIXELS] = noisy(clean[chosen], rng)
        return Batch(read_only(x), batch.targets, batch.parts)

    def nearest(tokens: list[str]) -> str | None:
        if tokens[0] in classes.names:
            return None  # a letter is fed back, and is no drawing
        return words[int(np.abs(clean - _pixels(tokens[0])).sum(axis=1).argmin())]

    rng = np.random.default_rng(0)
    asked = [(_drawn(noisy(clean[words.index(word)], rng)), word) for word in ASKED]
    return Task(
        name="glyph",
        architecture="one-to-many",
        input_notation=pixels,
        target_notation=classes,
        baseline=entropy(counts),
        source="Karpathy & Fei-Fei 2015; Vinyals et al. 2015",
        draw=draw,
        answer=nearest,
        asked=asked,
        held_out=True,
    )


def noisy(pixels: Floats, rng: np.random.Generator) -> Floats:
    """Return the drawing with some pixels inverted."""
    return np.abs(pixels - (rng.random(pixels.shape) < NOISE))


def _pixels(drawn: str) -> Sequence[float]:
    """Return the pixels of rows of ink and paper, with or without strokes between them."""
    pixels = drawn.replace("/", "")
    if set(pixels) - {INK, PAPER}:
        raise ValueError(drawn)
    return [float(pixel == INK) for pixel in pixels]


def _drawn(pixels: Floats) -> str:
    """Return the rows of a drawing, empty for the blank that is read after it."""
    if not pixels.any():
        return ""
    rows = np.where(pixels.reshape(SIDE, SIDE) > 0, INK, PAPER)
    return "/".join("".join(row) for row in rows)
