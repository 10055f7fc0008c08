"""Where a printed window begins: a run that is under way there makes no news by its end."""

from tests.domain.history.samples import after, life
from tui.domain.history.window import read_window
from tui.headless.history.listing import as_text
from tui.history.memory import MemoryHistory


def test_a_run_that_fails_as_before_is_no_line_at_the_edge() -> None:
    memory = MemoryHistory()
    memory.add(life((0, "ok"), (4, "error"), (9, "running"), (10, "error"), (15, "off")))
    printed = "\n".join(as_text(read_window(memory, after(9.5), after(20)), memory, (), after(20), None))
    assert "error → off" in printed
    assert "running" not in printed
    assert "first seen" not in printed
