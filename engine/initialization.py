"""Initial weights: W_hh of shape (H, H), before ``recurrent_scale``, and the biases of gates."""

from collections.abc import Callable

import numpy as np

from unrolled.engine.numerics.arrays import Floats

Initialization = Callable[[np.random.Generator, int], Floats]


def gaussian(rng: np.random.Generator, H: int) -> Floats:
    """Draw each from N(0, 1/H): eigenvalues fill the unit disc (Girko's circular law)."""
    return rng.normal(scale=H**-0.5, size=(H, H))


def orthogonal(rng: np.random.Generator, H: int) -> Floats:
    """Draw an orthogonal matrix from the Haar measure: singular values are 1 (Saxe et al. 2014).

    QR of a gaussian matrix; the signs of R's diagonal make the draw uniform (Mezzadri 2007).
    """
    Q, R = np.linalg.qr(rng.normal(size=(H, H)))
    return Q * np.sign(np.diag(R))


def identity(rng: np.random.Generator, H: int) -> Floats:
    """I: each unit only repeats itself (the IRNN of Le et al. 2015)."""
    return np.eye(H)


def uniform(rng: np.random.Generator, H: int) -> Floats:
    """U(-1/√H, 1/√H), the default of ``torch.nn.RNN``: a third of the gaussian's variance."""
    return rng.uniform(-(H**-0.5), H**-0.5, size=(H, H))


def chrono(rng: np.random.Generator, H: int, T_max: int) -> Floats:
    """Draw (H,) b = log u, u ~ U(1, T_max - 1), biases of the gate that keeps: LSTM's f, GRU's z.

    A gate at σ(b) keeps a state for about 1/(1 - σ(b)) = 1 + u timesteps, so the memories of the
    units are uniform from 2 to T_max, the longest dependency (Tallec & Ollivier 2018).
    """
    return np.log(rng.uniform(1, T_max - 1, size=H))


INITIALIZATIONS: dict[str, Initialization] = {
    "gaussian": gaussian,
    "orthogonal": orthogonal,
    "identity": identity,
    "uniform": uniform,
}
