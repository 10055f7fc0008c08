"""Lines of what needed attention all through a window: no change in it would say so. Blocking."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tui.domain.history.gaps import GapsOf
from tui.domain.history.grouping import Line, LineKind, is_pace_only
from tui.domain.history.notable import settled_at
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import TOPIC_OF
from tui.domain.history.since import since_of, since_words


def with_lasting(
    lines: Iterable[Line], reader: HistoryReader, since: datetime, until: datetime, now: datetime
) -> tuple[Line, ...]:
    """The lines, newest first, with one for each that was in a problem from the beginning of the window,
    or of what was seen of it, to the end."""
    found = tuple(lines)
    listed = {
        subject
        for line in found
        if line.change is not None and not is_pace_only(line.change)
        for subject in (line.subject, *line.also)
    }
    more = (one for one in _lasting(reader, since, until, now) if one.subject not in listed)
    return tuple(sorted((*found, *more), key=lambda line: line.at, reverse=True))


def _lasting(reader: HistoryReader, since: datetime, until: datetime, now: datetime) -> Sequence[Line]:
    states, begun = settled_at(reader, until)
    bad = {
        subject: change
        for subject, change in states.items()
        if change.after.level.needs_attention and subject.kind in TOPIC_OF
    }
    if not bad:
        return ()
    oldest = min(since, *(begun[one].at for one in bad if one in begun))
    gaps = GapsOf(reader.coverage(oldest, until), oldest, until)
    lines = []
    # The worst first.
    for subject, change in sorted(bad.items(), key=lambda one: one[1].after.level):
        first, after = begun.get(subject), change.after
        known = since_of(first, gaps.of(subject), until) if first is not None else None
        # Overdue, the text is that of the last good run.
        text = "" if after.state == "overdue" else after.text
        detail = " · ".join(filter(None, (f"all through, {since_words(known, now)}", text)))
        at = since if first is None else max(since, first.at)
        lines.append(Line(at, LineKind.CHANGE, f"still {after.state}", detail, subject, after.level))
    return lines
