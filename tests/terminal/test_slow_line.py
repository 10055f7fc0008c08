"""A line that is slow: it is noticed, `--slow` draws less, and no key gets lost in it."""

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess


def moved(terminal: Terminal, *keys: str) -> set[tuple[int, int]]:
    """The cells, line and column, that keys changed."""
    before = terminal.cells()
    terminal.press(*keys)
    terminal.wait_until(lambda: terminal.cells() != before, "change")
    terminal.settle()
    after = terminal.cells()
    return {
        (y, x)
        for y, row in enumerate(after)
        for x, cell in enumerate(row)
        if tuple(cell) != tuple(before[y][x])
    }


def test_a_slow_line_is_noticed_and_nothing_is_switched(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config, answers_after=0.4)
    terminal.wait_for("the line is slow (0.")
    terminal.wait_for("syncdeck --slow draws and polls less")
    terminal.wait_for("live")
    assert "mouse" in terminal.modes
    assert len({x for _, x in moved(terminal, "j")}) > 3


def test_slow_moves_a_sign_and_leaves_the_rows_as_they_are(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config, "--slow", answers_after=0.4)
    terminal.wait_for("Temu DE")
    terminal.wait_for("live")
    terminal.settle()
    assert {x for _, x in moved(terminal, "j")} == {0}
    assert "▌" in terminal.screen()
    assert "the line is slow" not in terminal.screen()
    assert "mouse" not in terminal.modes


def test_a_key_pressed_while_nothing_can_be_drawn_counts_once(live: Terminal) -> None:
    live.press("g")
    live.settle()
    live.choke()
    for _ in range(3):
        live.press("j")
    live.resize(80, 24)
    live.settle()
    lines = live.screen().split("\n")
    first = next(number for number, line in enumerate(lines) if "State" in line) + 1
    assert [number - first for number, line in enumerate(lines) if line.startswith("▌")] == [3]
