"""Looking back: which time every list shows, and the next time that is worth a look.

Reads happen in a thread; until one has ended, the lists show what they showed.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.domain.history.clock_text import clock_text
from tui.domain.history.grouping import Line, neighbour
from tui.domain.history.records import SubjectKind

if TYPE_CHECKING:
    from tui.session.history_view import HistoryView
    from tui.ui.host import AppHost

_HOUR = timedelta(hours=1)
_GROUP = "looking"
_READING = "reading…"
_FIRST_WINDOW = timedelta(hours=4)
_WIDER = 6
_WINDOWS = 4
"""4 h, 1 d, 6 d, 36 d: all that is kept by default."""


def look_at(host: "AppHost", view: "HistoryView", at: datetime | None) -> None:
    """Have every list show a time; None: now."""

    async def look() -> None:
        if at is not None:
            host.tell(_READING, "busy")
        await view.look_at(at)
        host.untell(_READING)

    _read(host, look)


def _read(host: "AppHost", read: "Callable[[], Awaitable[None]]") -> None:
    """Read; a newer read makes an older one void, and one that fails changes nothing."""

    async def guarded() -> None:
        try:
            await read()
        except OSError as error:
            host.tell(f"the history cannot be read: {error}. Check the directory of [history]", "error")

    host.run_worker(guarded(), group=_GROUP, exclusive=True)


def go(host: "AppHost", view: "HistoryView", move: str, kind: SubjectKind | None) -> None:
    """Move the time that is looked at; `kind`: of the subjects of the list in front, None: all."""
    if move.startswith("hour"):
        look_at(host, view, view.at + (_HOUR if move.endswith("forward") else -_HOUR))
        return

    async def find() -> None:
        host.tell(_READING, "busy")
        forward, problems = move.endswith("next"), move.startswith("problem")
        found = await _found(view, kind, forward=forward, problems=problems)
        if found is None:
            what, where = "problem" if problems else "change", "after" if forward else "before"
            host.tell(f"no {what} is recorded {where} this time", "warning")
            return
        await view.look_at(found.at)
        host.tell(_told(found, view), "off")

    _read(host, find)


async def _found(
    view: "HistoryView", kind: SubjectKind | None, *, forward: bool, problems: bool
) -> Line | None:
    for since, until in _windows(view.at, forward=forward):
        lines = (await view.happened(since, until)).lines
        own = [line for line in lines if line.change is not None and _is_of(line, kind)]
        found = neighbour(own, view.at, forward=forward, problems=problems)
        if found is not None:
            return found
    return None


def _windows(at: datetime, *, forward: bool) -> Iterator[tuple[datetime, datetime]]:
    """Wider and wider: most neighbours are near."""
    width = _FIRST_WINDOW
    for _ in range(_WINDOWS):
        yield (at, at + width) if forward else (at - width, at)
        width *= _WIDER


def _is_of(line: Line, kind: SubjectKind | None) -> bool:
    return kind is None or (line.subject is not None and line.subject.kind is kind)


def _told(line: Line, view: "HistoryView") -> str:
    """What changed at that time."""
    name = "" if line.subject is None else line.subject.name or line.subject.key
    others = f"+{len(line.also)}" if line.also else ""
    parts = (
        clock_text(line.at, view.at, seconds=line.span is None),
        name,
        others,
        line.text,
        line.detail,
    )
    return " · ".join(filter(None, parts))
