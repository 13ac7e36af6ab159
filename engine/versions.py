"""The versions that make a result: with other ones its last digits may be others."""

import numpy as np

from unrolled import __version__

VERSIONS = {"unrolled": __version__, "numpy": np.__version__}
