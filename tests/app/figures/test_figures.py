import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from unrolled import engine
from unrolled.app import figures
from unrolled.app.figures import palette
from unrolled.app.i18n.catalog import translator
from unrolled.engine.analysis.step_factors import SHARES


@pytest.fixture
def trace():
    return engine.trace("abcabc", architecture="many-to-many")


def lines(figure):
    return {line.meta: line for line in figure.data}


def test_hidden_states_have_a_row_a_unit_and_a_column_a_timestep(trace):
    (heatmap,) = figures.hidden_states(trace).data
    np.testing.assert_array_equal(heatmap.z, trace.hidden.T)
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
    assert list(heatmap.x) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("cell", "gate", "lowest"), [("lstm", "f", 0), ("lstm", "g", -1), ("gru", "z", 0)]
)
def test_gates_open_from_nothing_and_candidates_have_a_sign(cell, gate, lowest):
    trace = engine.trace(cell=cell)
    (heatmap,) = figures.gates(trace, gate).data
    np.testing.assert_array_equal(heatmap.z, trace.gates[gate].T)
    assert (heatmap.zmin, heatmap.zmax) == (lowest, 1)


def test_the_gradient_matrix_has_the_shares_of_a_loss_in_a_row_and_marks_the_chosen_one():
    trace = engine.trace("abcabc", architecture="many-to-many", loss=3)
    figure = figures.gradient_matrix(trace)
    (heatmap, around), (mark,) = figure.data, figure.layout.shapes
    assert around.contours.start == around.contours.end == pytest.approx(np.log10(2))
    for s, row in zip(heatmap.y, heatmap.z, strict=True):
        np.testing.assert_array_equal(row, trace.log10_share(int(s)))
    assert (mark.yanchor, mark.visible) == (3, True)


@pytest.mark.parametrize("fields", [{}, {"architecture": "many-to-many", "loss": "all"}])
def test_no_row_is_marked_where_there_is_one_or_all_are_drawn(fields):
    figure = figures.gradient_matrix(engine.trace("abcabc", **fields))
    assert figure.data[0].y[-1] == 5
    assert not figure.layout.shapes[0].visible


def test_shares_of_several_runs_share_one_figure_and_the_theory_is_the_first_ones():
    runs = [engine.trace(recurrent_scale=g) for g in (1.5, 0.5)]
    drawn = lines(figures.gradient_norm(runs, ["g = 1.5", "g = 0.5"]))
    for i, run in enumerate(runs):
        np.testing.assert_array_equal(drawn[f"run-{i}"].y, run.log10_share())
    assert drawn["run-1"].name == "g = 0.5"
    slope = np.diff(drawn["theory"].y)
    np.testing.assert_allclose(-slope, engine.mean_field(runs[0]), atol=1e-12)
    assert drawn["theory"].y[-1] == 0


@pytest.mark.parametrize(
    "fields",
    [{"cell": "lstm"}, {"architecture": "many-to-many", "loss": "all"}, {"recurrent_scale": 0}],
)
def test_where_the_theory_says_nothing_its_line_is_left_out(fields):
    assert set(lines(figures.gradient_norm([engine.trace(**fields)]))) == {"run-0"}


def test_step_factors_multiply_to_their_product():
    drawn = lines(figures.step_factors(engine.trace(initialization="gaussian")))
    product = drawn["weights"].y * drawn["saturation"].y * drawn["alignment"].y
    np.testing.assert_allclose(product, drawn["product"].y, rtol=1e-12)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_shares_are_stacked_to_one(cell):
    drawn = lines(figures.shares(engine.trace(cell=cell)))
    np.testing.assert_allclose(sum(drawn[share].y for share in SHARES), 1)
    assert {drawn[share].stackgroup for share in SHARES} == {"shares"}


@pytest.mark.parametrize(
    ("fields", "blocks"),
    [
        ({}, ["encoder-all"]),
        ({"cell": "gru"}, ["encoder-r", "encoder-z", "encoder-n"]),
        (
            {"architecture": "encoder-decoder", "cell": "lstm"},
            [f"{part}-{gate}" for part in ("encoder", "decoder") for gate in "ifgo"],
        ),
    ],
)
def test_the_spectrum_has_the_eigenvalues_of_every_block_and_the_unit_circle(fields, blocks):
    trace = engine.trace(**fields)
    figure = figures.spectrum(trace)
    drawn = lines(figure)
    assert list(drawn) == blocks
    for (part, gate), block in zip(
        itertools.product(range(len(trace.network.weights)), trace.network.cell.gates or [None]),
        blocks,
        strict=True,
    ):
        points = np.array(drawn[block].x) + 1j * np.array(drawn[block].y)
        np.testing.assert_array_equal(points, engine.eigenvalues(trace.network, gate, part))
    (circle,) = figure.layout.shapes
    assert (circle.type, circle.x0, circle.x1, circle.y0, circle.y1) == ("circle", -1, 1, -1, 1)


def test_gates_of_one_cell_are_told_apart_by_colour_and_parts_by_shape():
    trace = engine.trace(architecture="encoder-decoder", cell="lstm")
    drawn = lines(figures.spectrum(trace))
    assert len({drawn[f"encoder-{gate}"].marker.color for gate in "ifgo"}) == 4
    assert drawn["encoder-f"].marker.symbol != drawn["decoder-f"].marker.symbol


def test_singular_values_are_those_of_the_long_jacobian():
    trace = engine.trace(recurrent_scale=1.5)
    drawn = lines(figures.singular_values(trace))
    longest = engine.singular_values(trace, 1)
    assert drawn["largest"].x[-1] == len(trace.tokens) - 1
    assert drawn["largest"].y[-1] == longest[0]
    assert drawn["median"].y[-1] == longest[8]
    assert drawn["smallest"].y[-1] == longest[-1]


def test_lyapunov_exponents_are_parted_by_their_sign():
    trace = engine.trace(recurrent_scale=3)
    drawn = lines(figures.lyapunov(trace))
    assert min(drawn["growing"].y) > 0 >= max(drawn["shrinking"].y)
    exponents = engine.lyapunov_exponents(trace)
    np.testing.assert_array_equal([*drawn["growing"].y, *drawn["shrinking"].y], exponents)


def test_a_sweep_marks_the_critical_scale_and_where_one_stands():
    found = engine.sweep(engine.Experiment(), [0.5, 1, 1.5, 2], seeds=3)
    figure = figures.sweep(found, scale=1.2)
    heatmap, _ = figure.data
    np.testing.assert_array_equal(heatmap.z, found.median.T)
    places = {shape.name: (shape.x0, shape.visible) for shape in figure.layout.shapes}
    assert places == {"critical": (found.critical_scale, True), "current": (1.2, True)}


def test_a_sweep_without_a_critical_scale_draws_no_line_for_one():
    found = engine.sweep(engine.Experiment(), [0.1, 0.2], seeds=2)
    shapes = {shape.name: shape.visible for shape in figures.sweep(found).layout.shapes}
    assert shapes == {"critical": False, "current": False}


def test_the_colours_are_the_style_sheets_in_light_and_dark():
    light, dark = figures.colours("light"), figures.colours("dark")
    assert light["state-positive"] == "#1b7837"
    assert light["gradient-all"] == "#1e3a5f"
    assert set(dark) == set(light)
    assert dark["ink"] != light["ink"]


@pytest.mark.parametrize("name", figures.FIGURES)
def test_a_theme_changes_every_figure_and_none_asks_another_host(name):
    light, dark = (figures.definitions(theme, translator())[name] for theme in figures.THEMES)
    assert light != dark
    assert light["config"]["showSendToCloud"] is False
    assert all(trace["meta"] for trace in light["data"])


def test_the_page_gets_the_same_figures_as_a_notebook(trace):
    page = figures.definitions("light", translator())["hidden_states"]
    notebook = figures.hidden_states(trace).to_plotly_json()
    assert page["layout"]["xaxis"]["title"] == notebook["layout"]["xaxis"]["title"]
    assert [colour for _, colour in page["data"][0]["colorscale"]] == [
        colour for _, colour in notebook["data"][0]["colorscale"]
    ]


def test_a_training_figure_has_the_loss_its_baseline_and_a_column_a_step():
    run = engine.TrainingRun(engine.Training(hidden_size=4, steps=5))
    steps = list(run.steps())
    drawn = figures.training(steps, run.task.baseline)
    by_name = {trace.meta: trace for trace in drawn.data}
    assert list(by_name["loss"].y) == [step.loss for step in steps]
    assert list(by_name["baseline"].y) == [run.task.baseline] * 2
    z = np.array(by_name["reach"].z, dtype=float)
    norms = steps[2].log10_norm_by_distance
    np.testing.assert_array_equal(z[:, 2], norms - norms[0])
    assert np.shape(figures.training(steps, 1.0, most=2).data[0].z) == (run.task.timesteps, 2)


def test_the_dark_colours_are_those_of_the_page_and_not_of_a_projector():
    text = Path("static/css/tokens.css").read_text(encoding="utf-8")
    dark = text.split("@media screen and (prefers-color-scheme: dark)")[1]
    page, _, _ = dark.partition(':root[data-view="projector"]')
    told = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", page))
    assert told
    assert palette.colours("dark") == palette.colours("light") | told
