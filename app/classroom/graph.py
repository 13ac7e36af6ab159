"""The graph of a worksheet as numbers on paper: axes, their lines, and curves on them.

The template ``_graph.html`` draws it. On log paper the values of y are powers of ten.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

WIDTH, HEIGHT = 640.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 74.0, 16.0, 14.0, 50.0
"""Room for the labels around the paper."""
ABOVE, BELOW = 9.0, 20.0
"""Distances of a curve from its name."""
ROOM = 6.0
"""Least distance of two labels under the paper."""
DENSITIES = (1, 2, 5, 10, 20)
"""Of so many lines one may have a label."""
HIGH, NARROW, WIDE, LATIN = 12.0, 8.5, 14.0, 0x2E80
"""The height of a letter in a name, its width in Latin and in Chinese, and where Latin ends."""


class Tick(NamedTuple):
    at: float
    label: str
    power: str
    """The exponent of a label on log paper, or nothing."""


class Box(NamedTuple):
    """The room of a name: its anchor, and its width."""

    x: float
    y: float
    anchor: str
    wide: float

    @property
    def left(self) -> float:
        return self.x - {"start": 0, "middle": self.wide / 2, "end": self.wide}[self.anchor]

    def meets(self, point: tuple[float, float]) -> bool:
        x, y = point
        return self.left < x < self.left + self.wide and self.y - HIGH < y < self.y + HIGH / 3

    def points(self) -> list[tuple[float, float]]:
        return _along(((self.left, self.y - HIGH / 2), (self.left + self.wide, self.y - HIGH / 2)))


class Drawn(NamedTuple):
    """A curve on paper."""

    name: str
    points: tuple[tuple[float, float], ...]
    dots: bool
    label: tuple[float, float]
    anchor: str
    """Which end of the name is at the label: the curve leads away from it."""

    @property
    def path(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Curve:
    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    dots: bool


@dataclass(frozen=True, slots=True)
class Graph:
    x: str
    y: str
    log: bool
    across: tuple[float, float]
    up: tuple[float, float]
    """Ends of the axis; on log paper the exponents."""
    ticks: tuple[float, float]
    """Distances of the labels along x and y."""
    percent: bool
    tokens: tuple[str, ...]
    """What stands under the timesteps in place of their numbers."""
    line: float | None
    """A height at which the paper has a line of its own."""
    curves: tuple[Curve, ...]

    @property
    def paper(self) -> tuple[float, float, float, float]:
        """The left, the top, the right and the bottom of the axes."""
        return LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM

    def place_x(self, value: float) -> float:
        low, high = self.across
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def place_y(self, value: float) -> float:
        low, high = self.up
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def along_x(self) -> list[Tick]:
        if self.tokens:
            return [Tick(self.place_x(t), token, "") for t, token in enumerate(self.tokens, 1)]
        low, high = self.across
        first = math.ceil(low / self.ticks[0])
        last = math.floor(high / self.ticks[0] + 1e-9)
        numbers = {n: _short(n * self.ticks[0]) for n in range(first, last + 1)}
        every = self._density(max(map(_width, numbers.values())))
        return [
            Tick(self.place_x(n * self.ticks[0]), "" if n % every else text, "")
            for n, text in numbers.items()
        ]

    def _density(self, wide: float) -> int:
        """Return of how many lines one has a label, so that none touches the next."""
        apart = self.place_x(self.ticks[0]) - self.place_x(0)
        return next((n for n in DENSITIES if n * apart >= wide + ROOM), DENSITIES[-1])

    def along_y(self) -> list[Tick]:
        low, high = self.up
        count = round((high - low) / self.ticks[1])
        values = [low + each * self.ticks[1] for each in range(count + 1)]
        if self.log:
            return [Tick(self.place_y(value), "10", _short(value)) for value in values]
        scale, sign = (100, "%") if self.percent else (1, "")
        return [Tick(self.place_y(value), f"{_short(value * scale)}{sign}", "") for value in values]

    def fine(self) -> list[float]:
        """Return the heights of the fine lines: on log paper those of 2 to 9, else half way."""
        low, high = self.up
        if self.log:
            heights = [
                power + math.log10(digit)
                for power in range(round(low), round(high))
                for digit in ((2, 3, 4, 5, 6, 7, 8, 9) if high - low < 6 else (2, 5))
            ]
        else:
            count = round((high - low) / self.ticks[1])
            heights = [low + (each + 0.5) * self.ticks[1] for each in range(count)]
        return [self.place_y(height) for height in heights]

    def marked(self) -> float | None:
        return None if self.line is None else self.place_y(self.line)

    def drawn(self) -> list[Drawn]:
        """Return the curves on paper, each named where that meets no curve and no other name."""
        paths = [self._path(curve) for curve in self.curves]
        taken = [point for path in paths for point in _along(path)]
        made = []
        for curve, points in zip(self.curves, paths, strict=True):
            wide = _width(curve.name)
            boxes = [
                Box(x, y + away, anchor, wide)
                for x, y in _from_quarter(points)
                for away in (-ABOVE, BELOW)
                for anchor in ("middle", "start", "end")
            ]
            box = min(boxes, key=lambda box: (not self._holds(box), sum(map(box.meets, taken))))
            taken += box.points()
            made.append(Drawn(curve.name, points, curve.dots, (box.x, box.y), box.anchor))
        return made

    def _holds(self, box: Box) -> bool:
        left, top, right, bottom = self.paper
        return (
            left < box.left
            and box.left + box.wide < right
            and top < box.y - HIGH
            and box.y < bottom
        )

    def _path(self, curve: Curve) -> tuple[tuple[float, float], ...]:
        """Return the points of a curve that lie on the paper."""
        low, high = self.up
        heights = [math.log10(y) if self.log and y > 0 else y for y in curve.y]
        return tuple(
            (self.place_x(x), self.place_y(y))
            for x, y in zip(curve.x, heights, strict=True)
            if low <= y <= high + 1e-9
        )


def _from_quarter(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Return the points of a curve, those at its first quarter first."""
    quarter = len(points) // 4
    return [points[i] for i in sorted(range(len(points)), key=lambda i: (abs(i - quarter), -i))]


def _along(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points of a line from one to the next, closer than a letter is wide."""
    made = []
    for (x, y), (to_x, to_y) in pairwise(points):
        steps = math.ceil(math.hypot(to_x - x, to_y - y) / (NARROW / 2)) or 1
        made += [(x + (to_x - x) * i / steps, y + (to_y - y) * i / steps) for i in range(steps + 1)]
    return made


def _width(text: str) -> float:
    return sum(WIDE if ord(letter) > LATIN else NARROW for letter in text)


def _short(value: float) -> str:
    return f"{round(value, 9):g}".replace("-", "−")
