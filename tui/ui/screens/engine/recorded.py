"""What was recorded of the engine before this console was opened, as rows."""

from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.history.clock_text import clock_text
from tui.domain.text import one_line
from tui.ui.modals.history.lines import is_routine, keyed, row_cells, sign_of
from tui.ui.widgets.row_list import Row

if TYPE_CHECKING:
    from tui.session.history_view import SubjectHistory


def rows_before(read: "SubjectHistory", before: datetime) -> tuple[Row, ...]:
    """Newest first; gaps are rows of their own."""
    lines = (line for line in read.lines if line.at < before and not is_routine(line))
    rows = []
    for key, line in keyed(lines).items():
        _, text, more = row_cells(line, read.until)
        at = clock_text(line.at, read.until, seconds=True)
        rows.append(Row(key, *sign_of(line), (text, at, one_line(more))))
    return tuple(rows)
