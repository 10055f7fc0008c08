"""ASCII replacements for other characters, for terminals and pipes that support only ASCII.

Invariant: a replacement has the same width as the original, so that no column moves. The console's own
signs stay distinct; a letter without a replacement becomes a question mark, never nothing.
"""

from collections.abc import Callable

_UNKNOWN = "?"
_SIGNS = {
    **dict(zip("✖✔▲●○↶†±≈≠≥", "x+^*o<D%~#>", strict=True)),
    **dict(zip("·•…→←↑↓↔‹›«»", "-*~><^v-<><>", strict=True)),
    **dict(zip("‐‑‒–—−‘’‚“”„×\u00a0\u202f", "------'''\"\"\"x  ", strict=True)),
}
_GUTTER = {"▌": ">"}
_LINES = {
    **{chr(code): "+" for code in range(0x2500, 0x2580)},
    **dict.fromkeys("─━┄┅┈┉╌╍═╴╶╸╺╼╾", "-"),
    **dict.fromkeys("│┃┆┇┊┋╎╏║╵╷╹╻╽╿", "|"),
}
_BLOCKS = {
    **{chr(code): "#" for code in range(0x2580, 0x25A0)},
    **dict.fromkeys("▁▂▃", "_"),
    **dict.fromkeys("▉▊▋▍▎▏▐▕", "|"),
    "▔": "-",
}
_STAND_INS = {**_LINES, **_BLOCKS, **_SIGNS, **_GUTTER}


def in_ascii(text: str, width: Callable[[str], int]) -> str:
    """Return `text` in ASCII; `width` gives the number of cells of a character."""
    if text.isascii():
        return text
    cells: list[str] = []
    for character in text:
        if character.isascii():
            cells.append(character)
        elif wide := width(character):
            cells.append(_STAND_INS.get(character, _UNKNOWN) if wide == 1 else _UNKNOWN * wide)
        elif cells:
            # A combining mark changes the letter before it.
            cells[-1] = _UNKNOWN * len(cells[-1])
    return "".join(cells)
