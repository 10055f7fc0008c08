"""On a slow line frames wait for what is on its way, and become one (L8)."""

from io import StringIO

import pytest

from tui.ui.terminal import round_trip
from tui.ui.terminal.driver import Outlet

SIZE = (80, 24)
QUERY = "\x1b[?2026$p"


def frame(letter: str) -> str:
    """A whole screen of one letter."""
    return "".join(f"\x1b[{line};1H{letter * 80}" for line in range(1, 25))


class Line:
    """What a console writes to its terminal, frame by frame."""

    def __init__(self) -> None:
        self.file = StringIO()
        self.queries = 0
        self.outlet = Outlet(self.file, self.asked)
        self.outlet.take("\x1b[?1049h", *SIZE)
        self.sent()

    def asked(self) -> None:
        self.queries += 1

    def draw(self, letter: str) -> str:
        self.outlet.take(frame(letter), *SIZE)
        return self.sent()

    def sent(self) -> str:
        """What the writer sends now."""
        before = self.file.tell()
        self.outlet.flush()
        return self.file.getvalue()[before:]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setattr(round_trip, "_measured", 0.25)
    return Line()


def test_l8_frames_that_a_slow_line_cannot_carry_become_one(slow: Line) -> None:
    assert slow.draw("a").endswith(QUERY)
    assert slow.draw("b").count("b") > 80
    assert [slow.draw(letter) for letter in "cde"] == ["", "", ""]
    slow.outlet.pacing.arrived()
    last = slow.sent()
    assert "e" * 80 in last
    assert "c" * 80 not in last
    assert last.endswith(QUERY)
    assert slow.queries == 2


def test_l8_what_is_small_needs_no_query(slow: Line) -> None:
    slow.draw("a")
    slow.outlet.pacing.arrived()
    slow.outlet.take("\x1b[3;1Hb", *SIZE)
    assert QUERY not in slow.sent()


def test_l8_a_fast_line_carries_every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_trip, "_measured", 0.02)
    line = Line()
    assert all(letter * 80 in line.draw(letter) for letter in "abcd")
    assert line.queries == 0


def test_l8_a_terminal_that_does_not_respond_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_trip, "_measured", None)
    line = Line()
    assert all(letter * 80 in line.draw(letter) for letter in "abcd")
