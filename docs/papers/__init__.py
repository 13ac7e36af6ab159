"""The papers: what each claims, what the engine measures, and a figure of it."""

from docs.papers import (
    engelken,
    hochreiter,
    le,
    pascanu,
    saxe,
    schoenholz,
    sompolinsky,
    tallec,
)

PAPERS = {
    "pascanu": pascanu.paper,
    "sompolinsky": sompolinsky.paper,
    "schoenholz": schoenholz.paper,
    "saxe": saxe.paper,
    "le": le.paper,
    "hochreiter": hochreiter.paper,
    "tallec": tallec.paper,
    "engelken": engelken.paper,
}
