"""The papers: the claim of each, the engine's measurement, and a figure."""

from docs.papers import (
    arjovsky,
    bahdanau,
    engelken,
    hochreiter,
    le,
    pascanu,
    saxe,
    schoenholz,
    sompolinsky,
    tallec,
    zucchet,
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
    "arjovsky": arjovsky.paper,
    "bahdanau": bahdanau.paper,
    "zucchet": zucchet.paper,
}
