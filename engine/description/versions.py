"""The versions that a result was computed with: with others its last digits may differ."""

import numpy as np

from unrolled import __version__

VERSIONS: dict[str, str] = {"unrolled": __version__, "numpy": np.__version__}
