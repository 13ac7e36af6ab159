"""Models of PyTorch that are recorded, and that are refused; runs where it is installed."""

import numpy as np
import pytest

import unrolled
from unrolled.engine.recording.gradients import gradients_of

torch = pytest.importorskip("torch", reason="run by make test-frameworks")
pytestmark = pytest.mark.frameworks
nn = torch.nn

PROJECTIONS = pytest.importorskip("tests.reference.make_projections")
HIDDEN, INPUTS, PROJECTED, T = (
    getattr(PROJECTIONS, name) for name in ("HIDDEN", "INPUTS", "PROJECTED", "T")
)


class Model(nn.Module):  # type: ignore[misc, name-defined]
    """An embedding, a recurrent module, and a head."""

    def __init__(self, rnn, calls=1):
        super().__init__()
        self.rnn, self.calls = rnn, calls

    def forward(self, x):
        for _ in range(self.calls):
            output, _ = self.rnn(x)
        return output


def train(model, steps=3, backward=True, **kwargs):
    before = {name: each.clone() for name, each in model.state_dict().items()}
    with unrolled.record(model, **kwargs) as recording:
        for _ in range(steps):
            output = model(torch.randn(5, 4, 2))
            if backward:
                output.float().square().mean().backward()
    for name, each in model.state_dict().items():
        assert torch.equal(each, before[name])
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())
    return recording


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (lambda: nn.Linear(2, 2), "Linear has no nn.RNN, nn.LSTM or nn.GRU"),
        (lambda: nn.Sequential(nn.LSTMCell(2, 3)), "0 is one cell"),
        (lambda: Model(nn.GRU(2, 3, 2, dropout=0.5)), "rnn has dropout between its layers"),
        (lambda: nn.DataParallel(Model(nn.GRU(2, 3))), "record the model inside the DataParallel"),
        (
            lambda: nn.utils.parametrizations.weight_norm(nn.RNN(2, 3), "weight_hh_l0"),
            "weight_norm",
        ),
        (lambda: Model(nn.GRU(2, 3), calls=2), "rnn is called more than once in a step"),
        (lambda: Model(nn.GRU(2, 3)).eval(), "nothing was recorded in 0 steps"),
    ],
)
def test_a_model_that_cannot_be_recorded_is_refused_by_name(model, said):
    with pytest.raises(ValueError, match=said):
        train(model())
    with pytest.raises(ValueError, match=r"an nn.Module, not a str"):
        train_in_float16("model")


class Projected(nn.Module):  # type: ignore[misc, name-defined]
    """Two LSTMs with projections on one another, and a loss of everything that they return."""

    def __init__(self, start=None):
        super().__init__()
        options = {"proj_size": PROJECTED, "num_layers": 2, "bidirectional": True}
        self.rnn, self.start = nn.LSTM(INPUTS, HIDDEN, **options).double(), start

    def forward(self, x):
        return self.rnn(x, self.start and tuple(each[:, None] for each in self.start))


def loss_of(output, h_n):
    return output.square().sum() + h_n.pow(3).sum()


@pytest.mark.parametrize("started", [False, True])
def test_the_gradients_before_the_projections_are_those_of_autograd(started):
    torch.manual_seed(2)
    x, model = torch.randn(T, 1, INPUTS, dtype=torch.float64), Projected()
    own = dict(model.rnn.named_parameters())
    m_0 = torch.randn(4, HIDDEN, dtype=torch.float64)
    suffixes = ("l0", "l0_reverse", "l1", "l1_reverse")
    W_hr = [own[f"weight_hr_{each}"].detach() for each in suffixes]
    if started:
        h_0 = torch.stack([W @ m for W, m in zip(W_hr, m_0, strict=True)])
        model.start = h_0, torch.zeros(4, HIDDEN, dtype=torch.float64)
    with unrolled.record(model, every=1) as recording:
        output, (h_n, _) = model(x)
        loss_of(output, h_n).backward()
    torch.set_default_dtype(torch.float64)
    try:
        levels, reads = PROJECTIONS.states_of(model.rnn, x[:, 0], m_0 if started else None)
        ends = [own[T - 1 if n % 2 == 0 else 0][0] for n, own in enumerate(levels)]
        h_n = torch.stack([W @ m for W, m in zip(W_hr, ends, strict=True)])
        loss = loss_of(torch.stack(reads), h_n)
        states = [m for level in levels for m, _ in level]
        expected = torch.stack(torch.autograd.grad(loss, states)).reshape(4, T, HIDDEN)
    finally:
        torch.set_default_dtype(torch.float32)
    found = gradients_of(recording.moments[0])
    np.testing.assert_allclose(found.hidden[:, 0, :, 0], expected, rtol=1e-10, atol=1e-13)
    assert recording.moments[0].module.projection == PROJECTED


def test_a_projection_that_no_state_makes_the_start_of_is_refused():
    model = Projected((torch.ones(4, PROJECTED).double(), torch.ones(4, HIDDEN).double()))
    with torch.no_grad():
        model.rnn.weight_hr_l1.zero_()
    with (
        pytest.raises(ValueError, match="rnn starts from an h_0 that no projection makes"),
        unrolled.record(model, every=1),
    ):
        output, (h_n, _) = model(torch.randn(T, 1, INPUTS, dtype=torch.float64))
        loss_of(output, h_n).backward()


def test_steps_are_counted_in_training_and_some_sequences_kept():
    recording = train(Model(nn.GRU(2, 3)), steps=7, every=3, sequences=2)
    assert [each.step for each in recording.moments] == [1, 4, 7]
    assert {each.x.shape for each in recording.moments} == {(5, 2, 2)}
    with pytest.raises(ValueError, match="nothing was recorded in 3 steps"):
        train(Model(nn.GRU(2, 3)), backward=False)


def test_several_modules_are_recorded_or_those_of_some_names():
    def model():
        return nn.ModuleDict({"a": nn.GRU(2, 3), "b": nn.LSTM(3, 2)})

    class Two(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self):
            super().__init__()
            self.parts = model()

        def forward(self, x):
            return self.parts["b"](self.parts["a"](x)[0])[0]

    recording = train(Two())
    assert recording.modules == ("parts.a", "parts.b")
    assert recording.norms("parts.a").cell is None
    assert np.isfinite(recording.norms("parts.b").cell).all()
    assert train(Two(), modules=["parts.b"]).modules == ("parts.b",)
    with pytest.raises(ValueError, match=r"no recurrent module is named 'c'; there are: 'parts.a'"):
        train(Two(), modules=["c"])


def test_autocast_in_bfloat16_is_recorded_and_float16_is_refused():
    with torch.autocast("cpu", torch.bfloat16):
        window = train(Model(nn.LSTM(2, 3))).norms()
    assert 0 < window.difference.max() < 0.02
    with pytest.raises(ValueError, match="rnn computes in float16, where a GradScaler"):
        train_in_float16(Model(nn.RNN(2, 3).half()))


def train_in_float16(model):
    with unrolled.record(model):
        model(torch.randn(5, 4, 2).half())
