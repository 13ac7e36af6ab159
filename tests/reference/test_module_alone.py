"""A module of PyTorch that nothing reads: its loss is ½‖h‖², and its gradient autograd's."""

from dataclasses import replace

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.weights.arrays import arrays_in
from unrolled.engine.weights.npz import packed
from unrolled.engine.weights.own_network import OwnNetwork
from unrolled.engine.weights.own_problem import Data

torch = pytest.importorskip("torch", reason="run by make test-frameworks")
pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize("architecture", ["many-to-one", "many-to-many"])
@pytest.mark.parametrize(("layers", "both"), [(1, False), (3, False), (2, True)])
def test_the_gradient_of_half_the_square_of_its_states_is_autograds(architecture, layers, both):
    torch.manual_seed(0)
    rnn = torch.nn.LSTM(3, 4, num_layers=layers, bidirectional=both).double()
    x = torch.randn(6, 3, dtype=torch.double, requires_grad=True)
    output, (h, _) = rnn(x)
    read = output if architecture == "many-to-many" else h[-2:] if both else h[-1:]
    loss = (read**2).sum() / 2
    loss.backward()
    arrays = {name: each.detach().numpy() for name, each in rnn.state_dict().items()}
    own = OwnNetwork.of(arrays_in(packed(arrays), "a.npz"), "a.npz")
    own = replace(own, data=Data("x.npy", x.detach().numpy()))
    wanted = own.experiment(architecture=architecture)
    trace = engine.deep_trace_of(wanted) if wanted.deep else engine.trace_of(wanted)
    assert float(np.nansum(trace.losses)) == pytest.approx(loss.item(), abs=1e-12)
    norms = np.log10(x.grad.norm(dim=1).numpy())
    np.testing.assert_allclose(trace.log10_input_gradient_norm, norms, atol=1e-12)
