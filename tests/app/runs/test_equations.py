import pytest

from unrolled import engine
from unrolled.app.runs import equations
from unrolled.app.runs.mathml import mathml
from unrolled.engine.cells import equations as written
from unrolled.engine.cells.equations import Line


def text(timestep=3, **fields):
    """The equations of a timestep."""
    trace = engine.trace(**{"sequence": "abcab", **fields})
    return equations.Text(trace.cell_pass(), timestep, getattr(trace.network, "directions", 1))


EVERY = [
    pytest.param({"cell": cell, "activation": activation}, id=f"{cell}-{activation}")
    for cell in engine.CELLS
    for activation in engine.ACTIVATIONS
    if cell in ("rnn", "feedforward") or activation == "tanh"
]
EVERY += [
    pytest.param(
        {"architecture": "encoder-decoder", "attention": attention, "sequence": "ab"}, id=attention
    )
    for attention in ("dot", "additive")
]


@pytest.mark.parametrize("fields", EVERY)
def test_every_equation_is_mathematics_that_a_browser_can_draw(fields):
    said = text(**fields)
    lines = said.forward()
    for goes_on in (True, False):
        for enters in (True, False):
            lines += said.backward(goes_on=goes_on, enters=enters)
    for line in lines:
        for term in said.terms(line, set()):
            assert term["math"].startswith("<math>")
            assert "merror" not in term["math"]


@pytest.mark.parametrize("fields", EVERY)
def test_the_equations_can_be_taken_away_as_one_aligned_block(fields):
    said = text(**fields)
    for lines in (said.forward(), said.backward(goes_on=True, enters=True)):
        begin, *rows, end = said.tex(lines).split("\n")
        assert (begin, end) == (r"\begin{aligned}", r"\end{aligned}")
        assert len(rows) == len(lines)
        for row in rows:
            assert row.count("&") == 1
            assert "merror" not in mathml(row.removesuffix(r" \\").replace("&", ""))


def test_the_equations_of_an_rnn_as_tex():
    said = text()
    assert said.tex(said.forward()).split("\n")[1:-1] == [
        r"a_t &= W_{hh} h_{t-1} + W_{xh} x_t + b_h \\",
        r"h_t &= \tanh(a_t)",
    ]


@pytest.mark.parametrize(
    ("latex", "written"),
    [
        ("h_t", "h_{17}"),
        ("h_{t-1}", "h_{16}"),
        (r"W_{hh}^\top", r"W_{hh}^\top"),
        (r"\tanh'(a_t)", r"\tanh'(a_{17})"),
        (written.D_H_PREV, r"\frac{\partial L}{\partial h_{16}}"),
    ],
)
def test_a_timestep_has_its_own_number(latex, written):
    assert text(17, sequence="a" * 20).at(latex) == written


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        ("h_{16}", "h_16"),
        (r"W_{hh}^\top", "W_hh^T"),
        (r"\frac{\partial L}{\partial h_{16}}", "∂L/∂h_16"),
        (r"\frac{\partial L_{16}}{\partial h_{16}}", "∂L_16/∂h_16"),
        (
            r"\frac{\partial L}{\partial \tilde{h}} \frac{\partial \tilde{h}}{\partial h_{16}}",
            "∂L/∂h̃ ∂h̃/∂h_16",
        ),
        (r"\sigma'(a_i)", "σ'(a_i)"),
        (r"(r_{2} \odot \delta_n)", "(r_2 · δ_n)"),
    ],
)
def test_a_symbol_can_be_said_in_a_line_of_text(latex, words):
    assert equations.spoken(latex) == words


@pytest.mark.parametrize(
    ("name", "quantity", "timestep"),
    [
        ("h_t", "h", 5),
        ("h_{t-1}", "h", 4),
        ("c_{t-1}", "c", 4),
        ("(1-z_t)", "z", 5),
        ("W_{xh} x_t", "x", 5),
        (written.D_H, "d_h", 5),
        (written.D_C, "d_c", 5),
        (written.D_H_PREV, "d_h", 4),
        (equations.D_H_OWN, "loss", 4),
    ],
)
def test_a_symbol_knows_what_it_is_on_the_stage(name, quantity, timestep):
    assert text(5).counterpart(name) == {"quantity": quantity, "timestep": timestep}


def test_a_matrix_is_that_of_its_part_of_the_network():
    shared = {"quantity": "W_hh", "timestep": None}
    assert text(4).counterpart("W_{hf}") == shared | {"part": 0}
    decoder = text(8, architecture="encoder-decoder")
    (term,) = decoder.terms(Line("W_{hh}"), {"W_{hh}"})
    assert term["lit"] == shared | {"part": 1}


@pytest.mark.parametrize("name", ["a_t", "u_t", "q_t", "b_h", r"\delta_i", r"\sigma'(a_i)"])
def test_a_symbol_that_the_stage_does_not_show_lights_nothing(name):
    assert text(5).counterpart(name) is None


def test_the_state_before_the_first_timestep_is_nowhere_on_the_stage():
    assert text(1).counterpart("h_{t-1}") is None


def test_a_transposed_matrix_stands_above_the_array_of_the_matrix():
    (term,) = text(2).terms(Line(r"W_{hh}^\top"), {"W_{hh}"})
    assert (term["array"], term["transposed"], term["label"]) == ("W_{hh}", True, "W_hh^T")


def test_a_higher_layer_reads_the_states_below_and_hears_from_the_layer_above():
    said = text(layers=3, layer=2)
    (drive,) = (term for line in said.forward() for term in line.latex.split(" & ") if "xh" in term)
    assert said.at(drive) == "W_{xh} h^{(1)}_{3}"
    last = said.backward(goes_on=True, enters=True)[-1]
    assert last.latex.endswith(r"& + & W_{xh}^{(3)\top} \delta_{t-1}^{(3)}")
    assert equations.spoken(said.at(said.entering)) == "W_xh^(3)T δ_2^(3)"
    both = text(layers=2, directions=2)
    assert equations.spoken(both.at(both.reads)) == "[h→_3, h←_3]^(1)"
    assert "merror" not in mathml(both.at(both.reads))
    assert text().entering == text(layers=2).entering == equations.D_H_OWN


def test_a_cell_that_reads_from_the_end_has_the_next_timestep_before_it():
    said = text(directions=2, layer=-1)
    assert said.at("h_{t-1}") == "h_{4}"
    assert said.counterpart("h_{t-1}") == {"quantity": "h", "timestep": 4}
    assert text(4, directions=2, layer=-1).before is None
    assert r"a_t &= W_{hh} h_{t+1} + W_{xh} x_t + b_h" in said.tex(said.forward())
