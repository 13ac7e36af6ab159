"""The lab that a file leads back to, and the language it speaks."""

from typing import NamedTuple

from unrolled.app.addresses import query
from unrolled.app.i18n.catalog import DEFAULT
from unrolled.engine import Experiment


class Opener(NamedTuple):
    """Where the run of a file is opened again."""

    base: str = "/"
    """Address of the lab."""
    checkpoint: str = ""
    """The name in that lab of the trained network that the run is on, if any."""
    language: str = DEFAULT

    def address(self, experiment: Experiment) -> str:
        """Return the address that opens an experiment; empty where nothing does."""
        found = query(experiment, self.checkpoint)
        return self.base + found if found else ""


USUAL = Opener()
