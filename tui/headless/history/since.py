"""Since when subjects are in their level, read from the history and in words. Reading blocks."""

from datetime import datetime

from tui.domain.history.clock_text import clock_text, long_age
from tui.domain.history.lasting import Lasting
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import SubjectKind
from tui.domain.history.since import Since
from tui.domain.history.window import is_seen
from tui.domain.timestamps import stamp
from tui.presentation.item import Item
from tui.session.levels_begun import since_of_all


def lasting(reader: HistoryReader, now: datetime) -> Lasting:
    """Without what was not seen just now: there it may have changed since."""
    states = reader.states_at(now)
    unseen = {kind for kind in SubjectKind if not is_seen(reader, kind, now)}
    return Lasting(
        {
            subject: (states[subject].after.level, since)
            for subject, since in since_of_all(reader, now).items()
            if subject in states and subject.kind not in unseen
        }
    )


def since_item(since: Since | None) -> Item:
    """`since` and `since_is_known` of an item; null and false where the history does not know."""
    return {
        "since": stamp(since.at) if since else None,
        "since_is_known": since is not None and since.is_known,
    }


def since_cell(since: Since | None, now: datetime) -> str:
    """`01:14 (16h 2m)`, with `≥` before the age where the beginning was not seen; empty: not known."""
    if since is None:
        return ""
    age = long_age((now - since.at).total_seconds())
    return f"{clock_text(since.at, now)} ({'' if since.is_known else '≥'}{age})"
