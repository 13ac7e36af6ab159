"""The lab that an exported file links to, and its language."""

from typing import NamedTuple

from unrolled.app.addresses import query
from unrolled.app.i18n.catalog import DEFAULT
from unrolled.engine import Experiment, GivenRun


class Opener(NamedTuple):
    """The lab in which the run of a file can be opened."""

    base: str = "/"
    """Address of the lab."""
    checkpoint: str = ""
    """Name in that lab of the run's trained network, if any."""
    language: str = DEFAULT

    def address(self, experiment: Experiment | GivenRun) -> str:
        """Return the address that opens an experiment, empty if there is none."""
        found = query(experiment, self.checkpoint)
        return self.base + found if found else ""


USUAL = Opener()
