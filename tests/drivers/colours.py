"""Colours as a terminal shows them: contrast of what was sent, by the palettes that are usual.

Contrast as WCAG 2 defines it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

RGB = tuple[int, int, int]
_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_XTERM = ("000000", "cd0000", "00cd00", "cdcd00", "0000ee", "cd00cd", "00cdcd", "e5e5e5")
_XTERM_BRIGHT = ("7f7f7f", "ff0000", "00ff00", "ffff00", "5c5cff", "ff00ff", "00ffff", "ffffff")
_VGA = ("000000", "aa0000", "00aa00", "aa5500", "0000aa", "aa00aa", "00aaaa", "aaaaaa")
_VGA_BRIGHT = ("555555", "ff5555", "55ff55", "ffff55", "5555ff", "ff55ff", "55ffff", "ffffff")


def _named(normal: Iterable[str], bright: Iterable[str]) -> dict[str, str]:
    return {
        **dict(zip(_NAMES, normal, strict=True)),
        **dict(zip((f"bright{name}" for name in _NAMES), bright, strict=True)),
    }


PALETTES = {"xterm": _named(_XTERM, _XTERM_BRIGHT), "VGA": _named(_VGA, _VGA_BRIGHT)}
"""The 16 colours by the names that pyte has for them."""
_SGR = re.compile(r"\x1b\[([\d;]*)m")


def shown(cell: Any, palette: str, defaults: tuple[str, str] = ("e5e5e5", "000000")) -> tuple[RGB, RGB]:
    """Text and background of a cell; bold makes a normal colour bright, as many terminals have it."""
    names = PALETTES[palette]
    text, ground = cell.fg, cell.bg
    if cell.bold and text in _NAMES:
        text = f"bright{text}"
    text, ground = (
        default if name == "default" else names.get(name, name)
        for name, default in zip((text, ground), defaults, strict=True)
    )
    found = _rgb(text), _rgb(ground)
    return found[::-1] if cell.reverse else found


def _rgb(digits: str) -> RGB:
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def contrast(one: RGB, other: RGB) -> float:
    """From 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: RGB) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def is_red(colour: RGB) -> bool:
    """Whether nobody would call it anything else."""
    red, green, blue = colour
    return red >= 0x80 and max(green, blue) <= red / 3


def pens(sent: str) -> Iterator[tuple[int, ...]]:
    """The parameters of each SGR sequence; those of a colour beyond the 16 are left out."""
    for parameters in _SGR.findall(sent):
        kept = re.sub(r"\b[34]8;(?:5;\d+|2;\d+;\d+;\d+)", "", parameters)
        yield tuple(int(one) for one in kept.split(";") if one)
