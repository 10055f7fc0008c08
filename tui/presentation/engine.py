"""The ErpSync engine: the cells of its one row, and the row as `--json` writes it."""

from tui.domain.superoffice.engine import EngineStatus
from tui.domain.text import one_line
from tui.presentation.columns import ENGINE, Cells
from tui.presentation.item import Item, PrintedList, text_of

CELLS: Cells[EngineStatus] = {
    "state": lambda status: status.word,
    "every": lambda status: status.interval.shown,
    "message": lambda status: status.message or "",
}


def _item(status: EngineStatus) -> Item:
    return {
        "running": status.running,
        "message": one_line(status.message) if status.message else None,
        "interval_s": status.interval.seconds,
        "interval": text_of(status.interval.raw),
        "interval_text": text_of(status.interval.unread),
    }


PRINTED = PrintedList(ENGINE, CELLS, _item)
