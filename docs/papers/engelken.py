"""Engelken et al. 2020: the whole Lyapunov spectrum."""

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go

from docs import findings
from docs.drawing import BLUE, CRIMSON, PURPLE, SLATE, SOFT, dots, figure, label, line
from docs.papers.base import NEWMAN, Paper
from unrolled.engine import Trace
from unrolled.engine.numerics.arrays import Floats

G = 4.0
"""The scale of the spectra: well inside chaos."""
SEEDS = {32: 8, 64: 4, 128: 2}
"""How many networks of each size."""


def paper() -> Paper:
    spectra: dict[int, Floats] = {}
    gaps: dict[int, float] = {}
    dimensions: dict[int, float] = {}
    for H, seeds in SEEDS.items():
        traces = [findings.left_alone(G, H, seed) for seed in range(seeds)]
        each = np.array([findings.spectrum(trace) for trace in traces])
        fractions = (np.arange(H) + 0.5) / H
        theory = np.mean([findings.random_matrix_spectrum(t, fractions) for t in traces], axis=0)
        spectra[H] = each.mean(axis=0)
        upper = slice(3 * H // 4)
        gaps[H] = float(np.abs(spectra[H] - theory)[upper].max())
        dimensions[H] = float(np.mean([findings.attractor_dimension(found) for found in each])) / H
    alone = {
        g: _chaos(findings.left_alone(g, 64, seed) for seed in range(4))
        for g in (1.5, 2, 3, 4, 6, 8, 10)
    }
    told = _chaos(findings.spoken_to(6, 2, 64, seed) for seed in range(4))
    wide, rich = (max(alone, key=lambda g: alone[g][i]) for i in (0, 1))
    largest = spectra[max(SEEDS)]
    sums = largest + largest[::-1]
    return Paper(
        "Chaos is extensive, its attractor small, its spectrum that of random matrices",
        _drawn(spectra, fractions, theory, dimensions[max(SEEDS)]),
        "Lyapunov exponents of gaussian tanh networks without input at g = 4, the mean of 8, 4 and "
        "2 seeds, against i/H (16 of each are drawn, the lowest are outside the frame). Dashed: "
        "the spectrum of a product of independent random matrices with the same saturation, "
        "1 = ⟨γ²/(e^{2λ} + pγ²)⟩, γ = g f'(a), p = i/H, which for p = 0 is mean-field theory. "
        "Dotted: the attractor's (Kaplan-Yorke) dimension.",
        "The upper three quarters of the spectrum are within "
        f"{_listed(gaps, 2)} nats per timestep of the theory at H = {_listed(gaps)}; the attractor "
        f"has {_listed(dimensions, 2)} dimensions per unit. At H = 64 it has "
        f"{alone[1.5][0]:.2f} per unit at g = 1.5, {alone[wide][0]:.2f} at g = {wide}, the most, "
        f"and {alone[10][0]:.2f} at g = 10; the entropy rate is {alone[1.5][1]:.4f}, at g = {rich} "
        f"{alone[rich][1]:.4f}, the most, and {alone[10][1]:.4f} nats per unit and timestep. "
        f"Random letters as input (scale 6) lower the dimension at g = 2 from {alone[2][0]:.2f} to "
        f"{told[0]:.2f} and the entropy rate from {alone[2][1]:.4f} to {told[1]:.4f}. The sums "
        f"λ_i + λ_(H+1−i) range over {np.ptp(sums):.0f} nats.",
        "What agrees: a spectrum that does not depend on the size, an attractor of far fewer "
        "dimensions than units, which grows near the onset of chaos and shrinks far from it, input "
        "that reduces dimension and entropy rate, and random matrix theory for networks in "
        "discrete time. What agrees in part: the entropy rate, too, declines far from the onset, "
        "but here only just before the largest scale that the lab allows. What does not: the "
        "paper's spectrum is point-symmetric, λ_i + λ_(H+1−i) is constant, from a time-reversal "
        "symmetry in continuous time; in discrete time there is none. The paper's network is "
        "x ← (1 − Δt) x + Δt J tanh(x) with a small Δt; ours is that at Δt = 1.",
        (
            "R. Engelken, F. Wolf, L. F. Abbott (2020), “Lyapunov spectra of chaotic recurrent "
            "neural networks”, *arXiv:2006.02427*; (2023) *Physical Review Research* 5, 043044",
            NEWMAN,
        ),
    )


def _drawn(
    spectra: dict[int, Floats], fractions: Floats, theory: Floats, dimension: float
) -> go.Figure:
    marks = [("triangle-up-open", "△", BLUE), ("square-open", "□", PURPLE)]
    marks.append(("circle-open", "○", CRIMSON))
    drawn = figure(
        "One Lyapunov spectrum for every size, and random matrices predict it",
        "i / H",
        "Lyapunov exponent λ<sub>i</sub>",
        line([0, 1], [0, 0], SOFT, "solid", 1),
        line([dimension, dimension], [-7, 0.6], SOFT, "dot", 1.5),
        line(fractions, theory, SLATE, "dash", 2),
        xaxis={"range": [0, 0.85]},
        yaxis={"range": [-7, 0.7]},
    )
    for row, ((symbol, mark, colour), (H, exponents)) in enumerate(
        zip(marks, spectra.items(), strict=True)
    ):
        some = np.arange(row * H // 48, H, H // 16)
        drawn.add_trace(dots((some + 0.5) / H, exponents[some], colour, symbol, 9))
        label(drawn, 0.62, -0.8 - 0.6 * row, f"{mark} H = {H}", colour)
    label(drawn, 0.62, -2.6, "- - random matrices", SLATE)
    label(drawn, dimension + 0.01, -6.4, "attractor<br>dimension / H", SOFT)
    return drawn


def _chaos(traces: Iterable[Trace]) -> tuple[float, float]:
    """Return the mean attractor dimension and entropy rate, each per unit."""
    found = [findings.spectrum(trace) for trace in traces]
    dimension = np.mean([findings.attractor_dimension(each) / len(each) for each in found])
    entropy = np.mean([findings.entropy_rate(each) / len(each) for each in found])
    return float(dimension), float(entropy)


def _listed(values: dict[int, float], digits: int | None = None) -> str:
    """Return a list of values, or of names if there are no digits, in words."""
    *first, last = (
        str(key) if digits is None else f"{value:.{digits}f}" for key, value in values.items()
    )
    return f"{', '.join(first)} and {last}"
