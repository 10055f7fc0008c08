"""What is typed, read by read with the time between the reads: which keys and pastes come out of it."""

from collections.abc import Sequence

import pytest
from textual import events

from tests.drivers.input_fuzz import faults_of_the_reader
from tui.ui.messages import Pasted
from tui.ui.terminal.input_parser import InputParser
from tui.ui.terminal.paste_reader import MOST

LONG = 3.0
"""Seconds after which nothing is unfinished."""


def understood(*reads: bytes | float) -> list[str]:
    """The names of keys, pastes as `<text>`, other messages by their class; numbers are seconds."""
    parser, now = InputParser(), 0.0
    found: list[object] = []
    for read in (*reads, LONG):
        if isinstance(read, bytes):
            found += parser.feed(read, now)
            continue
        end = now + read
        while parser.wakes_at is not None and parser.wakes_at <= end:
            now = parser.wakes_at
            found += parser.tick(now)
        now = end
    return [_named(message) for message in found]


def _bytes(text: bytes, wait: float) -> list[bytes | float]:
    return [read for byte in text for read in (bytes([byte]), wait)]


def _named(message: object) -> str:
    match message:
        case events.Key():
            return message.key
        case Pasted():
            return f"<{message.text}>" if message.is_whole else f"<{message.text}…"
        case _:
            return type(message).__name__


def test_what_came_in_one_read_came_at_one_time_however_slowly_it_is_taken() -> None:
    parser = InputParser()
    assert [message.time for message in parser.feed(b"sim\r", 7.0)] == [7.0] * 4
    assert [message.time for message in parser.feed(b"\x1b[200~sim\x1b[201~\r", 8.0)] == [8.0] * 2
    assert list(parser.feed(b"\x1b", 9.0)) == []
    assert [message.time for message in parser.tick(10.0)] == [10.0]


@pytest.mark.parametrize(
    ("sequence", "keys"),
    [
        (b"\x1b[99;5:3u", []),
        (b"\x1b[13;1:3u", []),
        (b"\x1b[1;1:3A", []),
        (b"\x1b[3;1:3~", []),
        (b"\x1b[127;1:1u", ["backspace"]),
        (b"\x1b[106;1:2;106u", ["j"]),
        (b"\x1b[1;5:1D", ["ctrl+left"]),
        (b"\x1b[97;2;65u", ["A"]),
        (b"\x1b[99;5u", ["ctrl+c"]),
        (b"\x1b[97:65;2;65u", []),
        (b"\x1b[:F", []),
        (b"\x1b[0;;97:98u", ["a", "b"]),
        (b"\x1b[113;1~", []),
        (b"\x1b[81;1A", []),
        (b"\x1b[113q", []),
        (b"\x1b[55296u", []),
        (b"\x1b[99999999999u", []),
        (b"\x1b[97;1;27u", ["a"]),
        (b"\x1b[" + b"9" * 5_000 + b"m", []),
        (b"\x1b[1;\x00q", []),
        (b"\x1b[1$5q", []),
        (b"\x1b[<0;99999999999;1M", []),
        (b"\x1b[<0;:;1M", []),
        (b"\x1b[M qq", []),
        (b"\x1b[48;0;0;0;0t\x1b[<0;1;1M", ["MouseDown"]),
        (b"\x1b[24;80R", []),
        (b"\x1b[?2026;2$y", ["TerminalSupportsSynchronizedOutput"]),
        (b"\x1b[?1;2c\x1b[?15u\x1b[>0;276;0c", []),
        (b"\x1b[I\x1b[O", ["AppFocus", "AppBlur"]),
        (b"\x1b]11;rgb:q/q/q\x07", []),
        (b"\x1bPq\x1b\\\x1b_q\x1b\\\x1b^q\x1b\\\x1bXq\x1b\\", []),
        (b"\xc2\x9b5q", []),
        (b"\x9bA", ["up"]),
        (b"\x9d0;q\x9c", []),
        (
            b"\x1b[A\x1b[5~\x1bOP\x1b[[A\x1b[3$\x1b[Z",
            ["up", "pageup", "f1", "f1", "shift+delete", "shift+tab"],
        ),
        ("ü€".encode(), ["ü", "euro_sign"]),
        (b"\xff", ["replacement_character"]),
    ],
)
def test_x1_a_sequence_is_a_key_or_nothing_and_the_next_key_counts(
    sequence: bytes, keys: Sequence[str]
) -> None:
    assert understood(sequence, b"j") == [*keys, "j"]
    assert understood(sequence, LONG, b"j") == [*keys, "j"]
    single = [bytes([byte]) for byte in sequence]
    assert understood(*single, LONG, b"j") == [*keys, "j"]


@pytest.mark.parametrize(
    "unfinished", [b"\x1b[", b"\x1b[1;5", b"\x1bO", b"\x1b]52;c;q", b"\x1bPq", b"\x1bXq"]
)
def test_x1_what_never_ends_is_never_typed_and_locks_nobody_out(unfinished: bytes) -> None:
    assert understood(unfinished, LONG, b"j") == ["j"]
    assert understood(unfinished, b"\x11") == ["ctrl+q"]
    assert understood(unfinished, b"\x1b[113;5u") == ["ctrl+q"]


def test_an_escape_is_a_key_once_nothing_follows_it() -> None:
    assert understood(b"\x1b", 1.0, b"j") == ["escape", "j"]
    assert understood(b"\x1bj") == ["alt+j"]
    assert understood(b"\x1b\x1b[A") == ["escape", "up"]


def test_x2_a_paste_ends_after_a_second_of_silence_and_its_rest_is_not_typed() -> None:
    ended = ["<abc…"]
    assert understood(b"\x1b[200~abc", 0.9, b"d\x1b[201~", b"j") == ["<abcd>", "j"]
    assert understood(b"\x1b[200~abc", 1.1, b"q", 0.1, b"q\x1b[201~", b"j") == [*ended, "j"]
    assert understood(b"\x1b[200~abc", 9.0, b"qqq", 0.2, b"q", 0.4, b"j") == [*ended, "j"]
    assert understood(b"\x1b[200~abc", 9.0, b"qqq\x1b[201~j") == [*ended, "j"]
    assert understood(b"\x1b[200~abc\xc3", 9.0, b"j") == ["<abc…", "j"]


def test_x2_a_single_key_after_it_counts() -> None:
    for key, name in ((b"j", "j"), (b"\x1b", "escape"), (b"\x1b[106;1;106u", "j")):
        assert understood(b"\x1b[200~", 2.0, key, 1.0, b"k") == ["<…", name, "k"]


@pytest.mark.parametrize(
    ("key", "name"), [(b"\x11", "ctrl+q"), (b"\x03", "ctrl+c"), (b"\x1b[113;5u", "ctrl+q")]
)
def test_x2_the_keys_that_leave_always_get_through(key: bytes, name: str) -> None:
    assert understood(b"\x1b[200~abc", 0.1, key, 0.4) == [name]
    assert understood(b"\x1b[200~abc", 0.1, key, 0.1, key, 0.4) == [name, name]
    assert understood(b"\x1b[200~abc", 1.1, key) == ["<abc…", name]
    assert understood(b"\x1b[200~abc", 5.0, b"zz", 0.1, key) == ["<abc…", name]


def test_x2_the_mouse_does_not_keep_a_paste_open() -> None:
    moves = [move for _ in range(20) for move in (b"\x1b[<35;9;9M", 0.2)]
    expected = ["<abc…", "j"]
    found = understood(b"\x1b[200~abc", *moves, b"j", 1.0)
    assert [name for name in found if name != "MouseMove"] == expected


@pytest.mark.parametrize(
    "text",
    ["q\x1bq\x1b[Bq", "\x03\x11", "\x9b5q\x9d", "\x7f", "\u202eabc", "\nabc", "x\x1b[20", "ü€\x00"],
)
def test_x3_text_of_a_paste_is_never_a_key_however_it_is_read(text: str) -> None:
    paste = b"\x1b[200~" + text.encode() + b"\x1b[201~"
    assert understood(paste + b"j") == [f"<{text}>", "j"]
    assert understood(*_bytes(paste, 0.05), b"j") == [f"<{text}>", "j"]
    assert understood(paste[:6], *_bytes(paste[6:], 0.2), b"j") == [f"<{text}>", "j"]


def test_x3_marks_within_a_paste_or_alone_type_nothing() -> None:
    assert understood(b"\x1b[201~j") == ["j"]
    assert understood(b"\x1b[200~a\x1b[200~b\x1b[201~qq\x1b[201~j") == ["<ab>", "j"]
    assert understood(b"\x1b[200~a\x1b[200~b\x1b[201~", 1.0, b"j") == ["<ab>", "j"]
    assert understood(b"\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~j") == ["<a>", "<b>", "j"]


def test_x2_of_a_huge_paste_the_beginning_is_kept_and_the_rest_is_counted() -> None:
    parser = InputParser()
    found = [*parser.feed(b"\x1b[200~", 0.0)]
    for _ in range(2_560):
        found += parser.feed(b"x" * 4_096, 0.0)
    found += parser.feed(b"\x1b[201~j", 0.0)
    paste, key = found
    assert isinstance(paste, Pasted)
    assert isinstance(key, events.Key)
    assert (len(paste.text), paste.total, paste.is_whole) == (MOST, 2_560 * 4_096, True)


def test_x1_random_and_mutated_sequences_end_nothing() -> None:
    assert faults_of_the_reader(2_000, seed=7) == []
