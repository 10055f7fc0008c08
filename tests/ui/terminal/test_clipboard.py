"""The clipboard sequence: what each multiplexer hands on is the text, whole."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.terminal.clipboard import (
    MOST_BYTES,
    CopyObstacle,
    Way,
    copy_message,
    fits,
    kept_by_terminal,
    sequence,
    way,
)

_OSC_52 = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
_TMUX = re.compile(r"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\")
_SCREEN = re.compile(r"\x1bP((?:\x1b(?!\\)|[^\x1b])*)\x1b\\")
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=2_000)


def arrives(written: str) -> str:
    """The text that a terminal puts on its clipboard."""
    match = _OSC_52.fullmatch(written)
    assert match, repr(written)[:200]
    return base64.b64decode(match[1]).decode()


def handed_on_by_tmux(written: str) -> str:
    (inner,) = _TMUX.findall(written)
    return str(inner).replace("\x1b\x1b", "\x1b")


def handed_on_by_screen(written: str) -> str:
    assert _SCREEN.sub("", written) == ""
    return "".join(_SCREEN.findall(written))


@given(texts)
def test_the_text_arrives_whole_whatever_stands_between(text: str) -> None:
    assert arrives(sequence(text, Way.BARE)) == text
    assert arrives(handed_on_by_tmux(sequence(text, Way.TMUX))) == text
    assert arrives(handed_on_by_screen(sequence(text, Way.SCREEN))) == text


def test_tmux_may_also_take_the_sequence_for_itself() -> None:
    assert _TMUX.sub("", sequence("Temu DE", Way.TMUX)) == sequence("Temu DE", Way.BARE)


def test_screen_is_never_given_more_than_its_buffer_holds() -> None:
    pieces = _SCREEN.findall(sequence("x" * 5_000, Way.SCREEN))
    assert len(pieces) > 1
    assert max(map(len, pieces)) < 256


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, Way.BARE),
        ({"TERM": "xterm-256color"}, Way.BARE),
        ({"TERM": "tmux-256color"}, Way.TMUX),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, Way.TMUX),
        ({"TERM": "xterm", "TMUX": "/tmp/tmux-0/default,1,0"}, Way.TMUX),
        ({"TERM": "screen-256color", "TMUX": ""}, Way.SCREEN),
        ({"TERM": "screen"}, Way.SCREEN),
    ],
)
def test_the_environment_tells_what_stands_between(environment: dict[str, str], expected: Way) -> None:
    assert way(environment) is expected


def test_the_limit_counts_bytes_and_keeps_the_sequence_below_a_hundred_thousand() -> None:
    assert fits("x" * MOST_BYTES)
    assert not fits("x" * (MOST_BYTES + 1))
    assert not fits("ü" * (MOST_BYTES // 2 + 1))
    assert len(sequence("x" * MOST_BYTES, Way.BARE)) <= 100_000


@pytest.mark.parametrize(
    "kept", [None, CopyObstacle("tmux keeps the copy", " (`doctor` shows the fix)")]
)
def test_the_notice_fits_two_lines_of_a_small_screen(kept: CopyObstacle | None) -> None:
    said = copy_message(
        "the raw JSON", "x" * 70_000, kept, "written to ~/.local/state/syncdeck/copied.txt"
    )
    assert "copied.txt" in said
    assert len(said) <= 150


def test_t8_what_keeps_the_copy_is_named_and_where_the_text_is() -> None:
    keeps = CopyObstacle("tmux keeps the copy", " (`doctor` shows the fix)")
    start = "tmux keeps the copy: see copied.txt (`doctor` shows the fix); "
    assert (
        copy_message("the row", "x", keeps, "written to ~/copied.txt")
        == f"{start}written to ~/copied.txt"
    )
    without = copy_message("the row", "x", keeps, "the demo does not write the file", has_file=False)
    assert without == "tmux keeps the copy (`doctor` shows the fix); the demo does not write the file"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"TERM": "linux"}, "the Linux console"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, "Terminal.app"),
        ({"TERM": "xterm-256color"}, ""),
    ],
)
def test_t8_a_terminal_without_such_a_clipboard_is_named(
    environment: dict[str, str], named: str
) -> None:
    kept = kept_by_terminal(environment)
    assert named in copy_message("the row", "x", kept, "written to ~/copied.txt")
    assert (kept is None) == (not named)


def test_what_is_too_long_is_said_not_to_be_sent() -> None:
    said = copy_message("the raw JSON", "x" * 80_000, None, "written to ~/copied.txt")
    assert said == (
        "Not copied to the terminal: the raw JSON (80,000 characters) is above 74,994 bytes;"
        " written to ~/copied.txt"
    )


def test_one_character_is_one() -> None:
    assert copy_message("Progress", "5", None, "…") == "Copied Progress (1 character) by OSC 52; …"
