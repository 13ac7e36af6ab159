"""The letters that every usual font has, and so the page may need."""

from itertools import chain

ALPHABETS = [
    *chain(range(0x20, 0x7F), range(0xA0, 0x180)),  # Latin
    *chain(range(0x391, 0x3AA), range(0x3B1, 0x3CA)),  # Greek
    *chain(range(0x3000, 0x3020), range(0x4E00, 0xA000), range(0xFF01, 0xFF5F)),  # Chinese
]
SIGNS = "\n–—‘’“”…′←↑→↓∂∏∑−√∞≈≠≤≥▲"
"""In DejaVu, Liberation, FreeFont and Noto: in sans, serif and monospaced letters."""
TILDES = "\N{SMALL TILDE}\N{COMBINING TILDE}"
"""Over c̃, an LSTM's candidate: a font without the combining one takes it from another."""
LETTERS = frozenset(map(chr, ALPHABETS)) | frozenset(SIGNS + TILDES)


def rare(text: str) -> set[str]:
    """Return the letters of a text that a usual font may lack."""
    return set(text) - LETTERS
