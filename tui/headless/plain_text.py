"""Markdown as plain text for a terminal: what the pages in `tui/docs` use of it, and no more.

Headings, paragraphs, lists, tables and fenced code. Pure. No line but those of code and links is
longer than the width.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tui.headless.output import width as width_of

_HEADING = re.compile(r"(#{1,3}) +(.*)")
_ITEM = re.compile(r"( *(?:-|\d+\.) )(.*)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_CELL = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[\s|:-]+")
_GAP = "  "
_LEAST = 8
"""Characters that a column of a table keeps, however narrow the terminal is."""


def plain(markdown: str, width: int = 80) -> str:
    """The text of `markdown`, without its marks, in lines of at most `width` columns."""
    blocks = (_block(lines, width) for lines in _blocks(markdown))
    return "\n\n".join(block for block in blocks if block)


def _blocks(markdown: str) -> Iterator[list[str]]:
    """What an empty line parts; a heading stands alone, a fence keeps all its lines together."""
    block: list[str] = []
    is_code = False
    for line in markdown.splitlines():
        is_fence = line.startswith("```")
        if is_code or (line and not is_fence and not _HEADING.fullmatch(line)):
            block.append(line)
            is_open = not (is_code and is_fence)
        else:
            if block:
                yield block
            block = [line] if line else []
            is_open = is_fence or not line
        is_code ^= is_fence
        if block and not is_open:
            yield block
            block = []
    if block:
        yield block


def _block(lines: Sequence[str], width: int) -> str:
    first = lines[0]
    if first.startswith("```"):
        return "\n".join(f"    {line}".rstrip() for line in lines[1:-1])
    if heading := _HEADING.fullmatch(first):
        text = _unmarked(heading[2])
        return f"{text}\n{('=' if heading[1] == '#' else '-') * width_of(text)}"
    # A comment may stand directly above or below a table.
    lines = [line for line in lines if not line.startswith("<!--")]
    if lines and lines[0].startswith("|"):
        return "\n".join(_table(lines, width))
    return "\n".join(_items(lines, width))


def _items(lines: Sequence[str], width: int) -> Iterator[str]:
    """Each item of a list, or a paragraph, filled."""
    texts: list[tuple[str, str]] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item or not texts:
            texts.append((item[1], item[2]) if item else ("", line))
        else:
            mark, text = texts[-1]
            texts[-1] = mark, f"{text} {line.strip()}"
    for mark, text in texts:
        yield _filled(_unmarked(text), width, mark)


def _filled(text: str, width: int, mark: str = "") -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _table(lines: Sequence[str], width: int) -> Iterator[str]:
    """The rows, each cell wrapped into its column, with a line below the titles."""
    rows = [_cells(line) for line in lines if not _RULE.fullmatch(line)]
    sizes = _sizes(rows, width)
    for place, row in enumerate(rows):
        cells = [_filled(cell, size).split("\n") for cell, size in zip(row, sizes, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = (
                part + " " * (size - width_of(part)) for part, size in zip(parts, sizes, strict=True)
            )
            yield _GAP.join(padded).rstrip()
        if place == 0:
            yield _GAP.join("-" * size for size in sizes)


def _cells(line: str) -> list[str]:
    return [_unmarked(cell.strip().replace("\\|", "|")) for cell in _CELL.split(line)[1:-1]]


def _sizes(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Of every column; the widest ones give way until all fit."""
    sizes = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    room = width - len(_GAP) * (len(sizes) - 1)
    while sum(sizes) > room and max(sizes) > _LEAST:
        sizes[sizes.index(max(sizes))] -= 1
    return sizes


def _unmarked(text: str) -> str:
    """Without emphasis and addresses; what is code keeps its marks, so that it is seen as code."""
    return _LINK.sub(r"\1", text).replace("**", "")
