"""The folders of the page's own files."""

from pathlib import Path


def root() -> Path:
    """Return where static/ and templates/ are: in an installed wheel, or beside app/."""
    here = Path(__file__).resolve().parent
    packed = here / "_assets"
    return packed if packed.is_dir() else here.parent
