"""The state of a list as text: its counts on the status line, and why no row can be acted upon."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.ui.screens.row_cache import Listing
    from tui.ui.widgets.row_list import RowList

MORE = "more is coming…"
NO_ROW_YET = "there is no row to act on"
NO_ROOM = "no row is in sight: make the window taller, or press esc to clear this message"
NO_ROW = "there is no row under the cursor"
REMOVED = "the row that was under the cursor was removed: nothing was done"
_REMOVED = "the row under the cursor was removed: move the cursor"


def counts(
    listing: "Listing[Any]", rows: "RowList", noun: tuple[str, str], of_all: int
) -> Iterator[str]:
    """How many rows there are, and how many need attention; `of_all`: problems of the whole list."""
    total, shown = len(listing.targets), len(rows.keys)
    count = f"{total} {noun[0] if total == 1 else noun[1]}"
    yield count if shown == total else f"{shown} of {count}"
    attention = listing.attention + of_all
    yield f"{attention} need{'s' if attention == 1 else ''} attention" if attention else ""


def removed_note(rows: "RowList") -> str:
    """The note that a refresh removed the row under the cursor."""
    return _REMOVED if rows.lost and rows.keys else ""


def why_no_target(listing: "Listing[Any]", rows: "RowList", nothing: str) -> str:
    """Why there is no row under the cursor; `nothing`: the reason if nothing was received, or empty."""
    if nothing:
        return f"{nothing}: {NO_ROW_YET}"
    if not listing.has_shown:
        return f"{MORE}: {NO_ROW_YET}"
    removed = removed_note(rows)
    return f"{removed}, then press the key again" if removed else NO_ROW
