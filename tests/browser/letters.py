"""Two sets of letters, so that the browser lays a page out alike on every machine.

``narrow`` is Source Sans as it is. ``wide`` is the same, spaced out until its lines are as long as
those of DejaVu Sans and Verdana, the widest that machines come with. Either has a square for each
Chinese character, and nothing for rare signs: they are boxes, as where fonts are few.
"""

from collections.abc import Callable
from functools import partial
from operator import mul
from pathlib import Path

from font_source_sans_pro import font_files_ttf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

STYLES = {
    "Regular": "SourceSansPro",
    "Bold": "SourceSansProBold",
    "Italic": "SourceSansProIt",
    "Bold Italic": "SourceSansProBoldIt",
}
SPREAD = {
    "narrow": dict.fromkeys(STYLES, 1.0),
    "wide": {"Regular": 1.25, "Bold": 1.33, "Italic": 1.25, "Bold Italic": 1.33},
}
LETTERS = tuple(SPREAD)
MONOSPACED = 0.602  # of the font's size, as in DejaVu Sans Mono
CHINESE = (
    range(0x2E80, 0xA000),
    range(0xF900, 0xFB00),
    range(0xFE30, 0xFE50),
    range(0xFF00, 0xFF61),
)
CONFIG = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
  <alias binding="same">
    <family>monospace</family>
    <prefer><family>Tests Mono</family></prefer>
  </alias>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>Tests Sans</string></edit>
  </match>
</fontconfig>
"""


def configuration(letters: str, folder: Path) -> Path:
    """Write the fonts of a set; return the configuration by which fontconfig finds no others."""
    for style, source in STYLES.items():
        wider = partial(mul, SPREAD[letters][style])
        _spaced(font_files_ttf[source], "Tests Sans", style, wider).save(folder / f"{style}.ttf")
    plain = font_files_ttf["SourceSansPro"]
    width = MONOSPACED * TTFont(plain)["head"].unitsPerEm
    _spaced(plain, "Tests Mono", "Regular", lambda _: width).save(folder / "Mono.ttf")
    _squares().save(folder / "Squares.ttf")
    config = folder / "fonts.conf"
    config.write_text(CONFIG.format(folder=folder))
    return config


def _spaced(source: str, family: str, style: str, width: Callable[[int], float]) -> TTFont:
    """Return a font of a new name whose letters, each in its middle, have widths of their own."""
    font = TTFont(source)
    advances = font["hmtx"].metrics
    for name, (advance, bearing) in advances.items():
        given = round(width(advance))
        advances[name] = (given, bearing + (given - advance) // 2)
    for table in ("GPOS", "GSUB", "hdmx"):  # kerning and ligatures, which know the old widths
        if table in font:
            del font[table]
    for record in font["name"].names:
        if record.nameID in (1, 16):
            record.string = family
        elif record.nameID in (2, 17):
            record.string = style
        elif record.nameID in (4, 6):
            record.string = f"{family} {style}".replace(" ", "-" if record.nameID == 6 else " ")
    return font


def _squares() -> TTFont:
    """Return a font in which a Chinese character or mark is a square as wide as the font's size."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    pen = TTGlyphPen(None)
    pen.moveTo((80, -60))
    for corner in ((80, 780), (920, 780), (920, -60)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    builder.setupGlyf({".notdef": square, "square": square})
    builder.setupHorizontalMetrics({".notdef": (1000, 80), "square": (1000, 80)})
    builder.setupHorizontalHeader(ascent=1160, descent=-288)
    builder.setupCharacterMap({0x4E00: "square"})
    every = CmapSubtable.newSubtable(13)
    every.platformID, every.platEncID, every.language = 3, 10, 0
    every.cmap = {code: "square" for codes in CHINESE for code in codes}
    builder.font["cmap"].tables.append(every)
    builder.setupNameTable({"familyName": "Tests Squares", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=1160, sTypoDescender=-288)
    builder.setupPost()
    return builder.font
