from unrolled.engine import *  # noqa: F403
from unrolled.engine import __all__ as _names

__all__ = ["__version__", *_names]
__version__: str
