"""ASCII that stands in for other characters, on terminals and in pipes that take nothing else.

Invariant: what stands in is as wide as what it stands for, so that no column moves. Signs keep apart
what the console's own signs keep apart; a letter without a stand-in is a question mark, never left out.
"""

from collections.abc import Callable

_UNKNOWN = "?"
_SIGNS = {
    **dict(zip("✖✔▲●○↶†±≈≠", "x+^*o<D%~#", strict=True)),
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
    """Return `text` in ASCII; `width` tells in how many cells a character is shown."""
    if text.isascii():
        return text
    cells: list[str] = []
    for character in text:
        if character.isascii():
            cells.append(character)
        elif wide := width(character):
            cells.append(_STAND_INS.get(character, _UNKNOWN) if wide == 1 else _UNKNOWN * wide)
        elif cells:
            # A mark makes another letter of the one before it.
            cells[-1] = _UNKNOWN * len(cells[-1])
    return "".join(cells)
