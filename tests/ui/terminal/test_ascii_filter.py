"""In ASCII every cell of the screen has a sign of its own, so that no column moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from tui.ui.terminal.ascii_filter import AsciiFilter


def filtered(text: str) -> str:
    return "".join(part.text for part in AsciiFilter().apply([Segment(text)], Color(0, 0, 0)))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("✔ ok…", "+ ok~"),
        ("☎\ufe0f ⚠\ufe0f ✔\ufe0f ™\ufe0f ™ ① x", "?? ?? ?? ?? ? ? x"),
        ("👩\u200d👧x 漢y", "??x ??y"),
        ("Mu\u0308ller", "M?ller"),
    ],
)
def test_what_follows_a_character_keeps_its_column(text: str, plain: str) -> None:
    assert filtered(text) == plain


@given(st.text(st.sampled_from("aü☎⚠漢👍\ufe0f\u200d\u0301")))
def test_a_segment_keeps_its_width(text: str) -> None:
    assert len(filtered(text)) == cell_len(text)
