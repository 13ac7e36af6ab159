"""Write ``docs/literature.md`` and its figures: `make literature`."""

from docs import page
from docs.papers import PAPERS

PAGE = "literature"
HEAD = """\
# The literature, reproduced

What the papers on gradient flow found, measured again on this engine. `make literature` makes this
page and its figures: every number below comes out of that run, from the measurements
([long known](findings.py), [recent](recent_findings.py)) that the tests
([long known](../tests/engine/test_literature.py),
[recent](../tests/engine/test_recent_literature.py)) hold to a tolerance. Scales, shapes and names
are those of the [engine](../engine/__init__.py); lines are medians or means of several random
networks, as each caption says.
"""


if __name__ == "__main__":
    page.write(PAGE, HEAD, PAPERS)
