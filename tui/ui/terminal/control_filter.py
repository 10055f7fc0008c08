"""Removes control characters from everything on the screen, whichever widget drew it and wherever the
text comes from: a profile's name, a path, a variable. Server texts are cleaned earlier, and visibly."""

import re
from collections.abc import Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_HOSTILE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""None of them takes a cell, so a line is as wide without them."""


class ControlFilter(LineFilter):
    """The first filter of a drawn line, and those behind it in one: Textual would keep a copy of every
    line for each of them."""

    def __init__(self, behind: Sequence[LineFilter] = ()) -> None:
        super().__init__()
        self._behind = tuple(behind)

    def before(self, behind: Sequence[LineFilter]) -> "ControlFilter":
        """This one, if it stands before these already: lines that it filtered are known by it."""
        return self if self._behind == tuple(behind) else ControlFilter(behind)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without such characters, as the filters behind it leave them."""
        if not all(text.isprintable() for text, _, control in segments if control is None):
            segments = [
                segment if segment.control else Segment(_HOSTILE.sub("", segment.text), segment.style)
                for segment in segments
            ]
        for one in self._behind:
            segments = one.apply(segments, background)
        return segments
