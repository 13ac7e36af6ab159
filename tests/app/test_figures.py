import numpy as np
import pytest

import engine
from app import figures
from app.catalog import translator


@pytest.fixture
def trace():
    return engine.trace("abcabc", architecture="many-to-many")


def test_hidden_states_have_a_row_a_unit_and_a_column_a_timestep(trace):
    (heatmap,) = figures.hidden_states(trace).data
    np.testing.assert_array_equal(heatmap.z, trace.hidden.T)
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)
    assert list(heatmap.x) == [1, 2, 3, 4, 5]


def test_the_gradient_matrix_has_a_row_a_loss(trace):
    (heatmap,) = figures.gradient_matrix(trace).data
    np.testing.assert_array_equal(heatmap.z, trace.log10_gradient_matrix)
    (heatmap,) = figures.gradient_matrix(engine.trace("abcabc")).data
    assert list(heatmap.y) == [5]


def test_the_colours_are_the_style_sheets_in_light_and_dark():
    light, dark = figures.colours("light"), figures.colours("dark")
    assert light["state-positive"] == "#1b7837"
    assert light["gradient-vanished"] == "#38bdf8"
    assert set(dark) == set(light)
    assert dark["ink"] != light["ink"]


def test_the_page_gets_the_same_figures_as_a_notebook(trace):
    page = figures.definitions("light", translator())["hidden_states"]
    notebook = figures.hidden_states(trace).to_plotly_json()
    assert page["layout"]["xaxis"]["title"] == notebook["layout"]["xaxis"]["title"]
    assert [colour for _, colour in page["data"][0]["colorscale"]] == [
        colour for _, colour in notebook["data"][0]["colorscale"]
    ]
