"""What is sent by the driver shows the same as everything that Textual drew would have.

Both texts go into emulated terminals, which are compared cell by cell and style by style.
"""

import re

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyte.screens import Char
from rich.cells import cached_cell_len

from tui.ui.terminal.screen_buffer import ScreenBuffer

COLUMNS, LINES = 24, 6
TEXTS = (
    "a",
    "bc",
    "   ",
    "─│",
    "▌●",
    "✔ ok",
    "漢",
    "字x",
    "e\u0301",
    "👍",
    "Ä",
    "…",
    " " * 12,
    "word word",
)
STYLES = (
    "",
    "0",
    "1",
    "31",
    "1;31;44",
    "38;2;1;2;3",
    "48;5;17",
    "38;2;9;9;9;48;2;0;0;90",
    "7",
    "4;3",
    "2",
    "9",
)
LINKS = ("", "\x1b]8;id=1;http://a\x1b\\", "\x1b]8;;http://b\x1b\\")


@st.composite
def strips(draw: st.DrawFn) -> str:
    """What Textual draws of one region: a move, then segments with their whole styles.

    All at even columns, so that no wide character is cut in two: Textual does not do that.
    """
    line, column = draw(st.integers(0, LINES - 1)), 2 * draw(st.integers(0, COLUMNS // 2 - 1))
    parts = [f"\x1b[{line + 1};{column + 1}H"]
    room = COLUMNS - column
    for style, text, link in draw(
        st.lists(
            st.tuples(st.sampled_from(STYLES), st.sampled_from(TEXTS), st.sampled_from(LINKS)),
            max_size=5,
        )
    ):
        cut = fitting(text, room)
        room -= width(cut)
        drawn = f"\x1b[{style}m{cut}\x1b[0m" if style else cut
        parts.append(f"{link}{drawn}\x1b]8;;\x1b\\" if link else drawn)
    return "".join(parts)


def width(text: str) -> int:
    return sum(2 if character in "漢字👍" else 0 if character == "\u0301" else 1 for character in text)


def fitting(text: str, room: int) -> str:
    while width(text) > room:
        text = text[:-1]
    return text + " " * (width(text) % 2)


frames = st.lists(strips(), min_size=1, max_size=4).map("".join)


class Terminal:
    """An emulated terminal without wrapping, as Textual asks for."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(COLUMNS, LINES)
        self.screen.reset_mode(pyte.modes.DECAWM)
        self._stream = pyte.Stream(self.screen)
        self.received = 0

    def take(self, text: str) -> None:
        self.received += len(text)
        # The emulator knows no hyperlinks.
        self._stream.feed(LINK.sub("", text))

    def cells(self) -> list[list[Char]]:
        """What can be seen: of a blank, its background and what is drawn over it."""
        return [[_seen(self.screen.buffer[y][x]) for x in range(COLUMNS)] for y in range(LINES)]


def _seen(cell: Char) -> Char:
    if cell.data != " " or cell.reverse or cell.underscore or cell.strikethrough:
        return cell
    return Char(" ", bg=cell.bg)


LINK = re.compile(r"\x1b\]8;[^\x1b]*\x1b\\")
EMPTY = "".join(f"\x1b[{line + 1};1H\x1b[44m{' ' * COLUMNS}\x1b[0m" for line in range(LINES))


@settings(max_examples=50, deadline=None)
@given(
    story=st.lists(st.tuples(frames, st.booleans(), st.booleans()), min_size=1, max_size=8),
    erases=st.booleans(),
)
def test_the_terminal_shows_what_was_drawn(story: list[tuple[str, bool, bool]], erases: bool) -> None:
    stock, ours, shadow = Terminal(), Terminal(), ScreenBuffer(erases_in_colour=erases)
    shadow.resize(COLUMNS, LINES)
    for frame, sends, forgets in [(EMPTY, True, False), *story]:
        stock.take(frame)
        assert shadow.take(frame) == ""
        if forgets:
            ours.take("\x1b[2;2Hdisturbed\x1b[41m")
            shadow.forget()
        if sends:
            ours.take(shadow.diff())
    ours.take(shadow.diff())
    assert ours.cells() == stock.cells()
    assert shadow.diff() == ""


def test_nothing_is_sent_where_nothing_changed() -> None:
    shadow = ScreenBuffer()
    shadow.resize(COLUMNS, LINES)
    frame = f"{EMPTY}\n\x1b[3;4H\x1b[1mhello\x1b[0m\x1b[1;1H"
    shadow.take(frame)
    assert "hello" in shadow.diff()
    shadow.take(frame)
    assert shadow.diff() == ""


def test_one_changed_cell_is_a_move_a_pen_and_a_letter() -> None:
    shadow = ScreenBuffer()
    shadow.resize(COLUMNS, LINES)
    shadow.take(f"{EMPTY}\x1b[1;1H")
    shadow.diff()
    shadow.take("\x1b[3;4H\x1b[44ma\x1b[0m\x1b[1;1H")
    assert shadow.diff() == "\x1b[3;4Ha"


def test_the_consoles_own_signs_are_not_sent_again_with_a_letter_beside_them() -> None:
    shadow = ScreenBuffer()
    shadow.resize(COLUMNS, 1)
    shadow.take("\x1b[1;1H✖✔▲●○↶†±≈≠≥·…→←↑↓‹›–×│▌\x1b[1;1H")
    shadow.diff()
    shadow.take("\x1b[1;1Ha\x1b[1;1H")
    assert shadow.diff() == "\ra"


def test_what_is_no_drawing_is_passed_on() -> None:
    shadow = ScreenBuffer()
    shadow.resize(COLUMNS, LINES)
    title, mode = "\x1b]2;a title\x07", "\x1b[?2004h"
    assert shadow.take(f"{title}\x1b[1;1Hx{mode}") == f"{title}{mode}"
    assert "title" not in shadow.diff()


def test_the_cursor_goes_back_to_where_it_is_wanted() -> None:
    shadow = ScreenBuffer()
    shadow.resize(COLUMNS, LINES)
    shadow.take(f"{EMPTY}\x1b[2;5H")
    assert shadow.diff().endswith("\x1b[2;5H")
    shadow.take("\x1b[4;1H\x1b[44mx\x1b[0m\x1b[2;5H")
    assert shadow.diff() == "\x1b[4Hx\x1b[2;5H"


@pytest.mark.parametrize("letter", ["✔\ufe0f", "1\ufe0f\u20e3", "漢", "👍🏽", "👩\u200d👧"])
def test_what_follows_a_wide_letter_stands_where_textual_put_it(letter: str) -> None:
    shadow, terminal = ScreenBuffer(), Terminal()
    shadow.resize(COLUMNS, LINES)
    shadow.take(f"{EMPTY}\x1b[1;1H\x1b[44m{letter}ok│\x1b[0m\x1b[1;1H")
    terminal.take(shadow.diff())
    assert [cell.data for cell in terminal.cells()[0][2:5]] == ["o", "k", "│"]


@pytest.mark.parametrize("forgets", [False, True])
def test_beside_a_sign_that_is_narrower_than_assumed_nothing_of_before_is_left(forgets: bool) -> None:
    shadow, terminal = ScreenBuffer(), Terminal()
    shadow.resize(COLUMNS, LINES)
    shadow.take(f"{EMPTY}\x1b[1;1H\x1b[44mletters before\x1b[0m\x1b[1;1H")
    terminal.take(shadow.diff())
    if forgets:
        shadow.forget()
    shadow.take("\x1b[1;1H\x1b[44m⚠\ufe0f Lager ☎\ufe0fx\x1b[0m\x1b[1;1H")
    terminal.take(shadow.diff())
    assert terminal.screen.display[0].rstrip() == "⚠  Lager ☎ xre"


def test_half_of_a_wide_character_takes_the_other_half_with_it() -> None:
    shadow = ScreenBuffer()
    shadow.resize(COLUMNS, LINES)
    shadow.take(f"{EMPTY}\x1b[1;1H\x1b[44m漢字\x1b[0m\x1b[1;1H")
    shadow.diff()
    shadow.take("\x1b[1;2H\x1b[44mab\x1b[0m\x1b[1;1H")
    terminal = Terminal()
    terminal.take(shadow.diff())
    assert terminal.screen.display[0].rstrip() == " ab"


def test_l8_a_wide_frame_is_sent_as_its_lines_and_its_words() -> None:
    """Blanks are erased, and need no colour of their own."""
    shadow = ScreenBuffer(erases_in_colour=True)
    shadow.resize(COLUMNS, LINES)
    shadow.take(f"{EMPTY}\x1b[1;1H")
    shadow.diff()
    shadow.take(
        "\x1b[2;1H\x1b[33;40m│\x1b[0m\x1b[31;40m word\x1b[0m"
        f"\x1b[40m{' ' * (COLUMNS - 7)}\x1b[0m\x1b[33;40m│\x1b[0m\x1b[1;1H"
    )
    assert shadow.diff() == "\x1b[2H\x1b[33;40m│ \x1b[31mword\x1b[17X\x1b[17C\x1b[33m│"


def test_l8_a_blank_whose_letters_would_have_another_colour_is_not_sent_again() -> None:
    shadow = ScreenBuffer()
    shadow.resize(COLUMNS, LINES)
    shadow.take(f"{EMPTY}\x1b[1;1H")
    shadow.diff()
    shadow.take("\x1b[3;4H\x1b[1;31;44m    \x1b[0m\x1b[1;1H")
    assert shadow.diff() == ""


def test_a_line_with_a_sign_is_measured_letter_by_letter() -> None:
    known = cached_cell_len.cache_info().currsize
    letters = "".join(map(chr, range(0x0410, 0x0450)))
    shadow = ScreenBuffer()
    shadow.resize(100, 1)
    shadow.take(f"\x1b[1;1H●{letters}")
    assert cached_cell_len.cache_info().currsize - known <= len(letters) + 1
