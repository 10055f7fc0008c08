"""Since when a row is in its level, while its change has not reached the files."""

from tests.drivers.console import console, wall_clock
from tests.drivers.simulator import RunningSimulator
from tui.history.writing.access import Access
from tui.history.writing.lock import WriterLock
from tui.paths import state_dir


async def test_it_stays_when_the_history_is_read_before_it_is_written(erp: RunningSimulator) -> None:
    """A wide window has the history read again, for the strips; here another program records, so that
    nothing of this console is written meanwhile.
    """
    lock = WriterLock(Access(state_dir() / "history" / "sim"), wall_clock)
    assert lock.take()
    try:
        async with console(erp, history=True) as deck:
            await deck.until(lambda: "≥0m" in deck.cursor_row(), "since")
            await deck.resize(120, 30)
            view = deck.app.session.history
            assert view is not None
            await view.settled()
            await deck.sees("not seen")
            assert all("≥0m" in row for row in deck.rows())
    finally:
        lock.release()
