"""A document as Markdown (CommonMark with the tables of GitHub and GitLab). Pure.

Server text stands in code spans, whose fence is longer than any row of backticks in it.
"""

import re
from collections.abc import Iterator

from tui.domain.report.document import Block, Document, Items, Line, Paragraph, Piece, Table
from tui.domain.text import clean, one_line

_TICKS = re.compile("`+")
_BAR = "¦"
"""In place of `|` in a table: no two programs agree on how one is escaped in code."""


def as_markdown(document: Document) -> str:
    return "\n".join(_lines(document)).rstrip() + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# {_text(document.title)}"
    for block in document.head:
        yield ""
        yield from _block(block)
    for section in document.sections:
        yield from ("", f"## {section.title}")
        for block in section.blocks:
            yield ""
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(line):
            yield _text(line)
        case Items(lines):
            yield from (f"- {_text(line)}" for line in lines)
        case Table(titles, rows):
            yield _row(list(titles))
            yield _row(["---"] * len(titles))
            yield from (_row([_text(cell).replace("|", _BAR) for cell in row]) for row in rows)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _text(line: Line) -> str:
    """Two code spans never touch: their fences would become one."""
    text = ""
    for piece in map(_piece, line):
        text += f" {piece}" if text.endswith("`") and piece.startswith("`") else piece
    return text


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return f"~~{code(piece.text)}~~" if piece.is_struck else code(piece.text)


def code(text: str) -> str:
    """A code span with exactly this text, on one line; an en dash for an empty one."""
    text = one_line(clean(text))
    if not text:
        return "–"
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    # A blank beside the fence belongs to it: without, a backtick at the end would lengthen it.
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
