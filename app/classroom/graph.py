"""The graph of a worksheet as numbers on paper: axes, their lines, and curves on them.

The template ``_graph.html`` draws it. On log paper the values of y are powers of ten.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 640.0, 300.0
LEFT, RIGHT, TOP, BOTTOM = 74.0, 16.0, 14.0, 50.0
"""Room for the labels around the paper."""
ABOVE, BELOW, CROWDED, STEEP = 9.0, 20.0, 40.0, 3.0
"""Distances of a curve from its name, from another that leaves it no room, and of a steep step."""


class Tick(NamedTuple):
    at: float
    label: str
    power: str
    """The exponent of a label on log paper, or nothing."""


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
        values = [each * self.ticks[0] for each in range(first, last + 1)]
        return [Tick(self.place_x(value), _short(value), "") for value in values]

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
        """Return the curves on paper, each named above, or below if another is above."""
        paths = [self._path(curve) for curve in self.curves]
        made = []
        for curve, points in zip(self.curves, paths, strict=True):
            x, y = points[len(points) // 4]
            others = [
                other for path in paths if path is not points for at, other in path if at == x
            ]
            below = any(y - CROWDED < other <= y for other in others)
            label = (x, y + BELOW if below else y - ABOVE)
            rise = points[len(points) // 4 + 1][1] - y
            anchor = "middle" if abs(rise) < STEEP else "end" if (rise < 0) != below else "start"
            made.append(Drawn(curve.name, points, curve.dots, label, anchor))
        return made

    def _path(self, curve: Curve) -> tuple[tuple[float, float], ...]:
        """Return the points of a curve that lie on the paper."""
        low, high = self.up
        heights = [math.log10(y) if self.log and y > 0 else y for y in curve.y]
        return tuple(
            (self.place_x(x), self.place_y(y))
            for x, y in zip(curve.x, heights, strict=True)
            if low <= y <= high + 1e-9
        )


def _short(value: float) -> str:
    return f"{round(value, 9):g}".replace("-", "−")
