"""`syncdeck history` and its forms: read or tend what was recorded; no server is contacted.

The exit codes: 0 healthy, 1 problems, 3 nothing was recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.history.window import Window, read_window
from tui.domain.text import counted
from tui.domain.timestamps import stamp
from tui.frozen import frozen
from tui.headless.exit_codes import ATTENTION, HEALTHY, NOT_RECORDED
from tui.headless.history import at_time, listing
from tui.headless.history.kept import kept, kept_text, size_text
from tui.headless.history.recorded import Recorded
from tui.headless.history.subjects import UnknownTarget, meant
from tui.headless.output import json_text, refuse, say, screen_width, table
from tui.paths import shown
from tui.session.history_events import action_event

if TYPE_CHECKING:
    from tui.history.forget import Forgotten

WINDOW = timedelta(hours=8)


@frozen
class HistoryRequest:
    action: str = ""
    """`at`, `cut`, `forget`, `size`; empty: the changes of a window."""
    target: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: datetime | None = None
    at: datetime | None = None
    output: Path | None = None
    as_json: bool = False


def run(request: HistoryRequest, make: Callable[[], Recorded], now: datetime) -> int:
    """Raises ConfigError: from `make`. OSError: files cannot be used, or the output not be written."""
    until = min(request.until or now, now)
    since = request.since or until - WINDOW
    if request.action in ("", "cut") and since >= until:
        return refuse("history: --since must lie before --until and before now")
    if request.at is not None and request.at > now:
        return refuse(f"history at: {request.at:%Y-%m-%d %H:%M} UTC lies in the future")
    if request.before is not None and request.before > now:
        return refuse("history forget: --before must lie in the past")
    recorded = make()
    match request.action:
        case "at":
            return _at(recorded, request.at or now, as_json=request.as_json)
        case "cut" | "forget":
            return _tend(recorded, request, since, until)
        case "size":
            return _size(recorded, now, as_json=request.as_json)
    return _window(recorded, request, since, until, now)


def _window(
    recorded: Recorded, request: HistoryRequest, since: datetime, until: datetime, now: datetime
) -> int:
    reader = recorded.reader
    known = reader.subjects()
    if request.target and not known:
        say(f"nothing was recorded of profile {recorded.profile} yet")
    try:
        targets = meant(request.target, known, reader.former_names()) if known else ()
    except UnknownTarget as unknown:
        return refuse(f"history: {unknown}")
    actions = map(action_event, recorded.entries(since))
    window = read_window(reader, since, until, targets, actions)
    if request.as_json:
        _print_document(recorded, listing.document(window))
    else:
        sentences = tuple(listing.sentences_of(reader, window))
        _print(listing.as_text(window, reader, sentences, now, screen_width()))
    return _code_of(window)


def _code_of(window: Window) -> int:
    """A problem that was seen wins."""
    if window.has_problems:
        return ATTENTION
    return NOT_RECORDED if window.unseen else HEALTHY


def _at(recorded: Recorded, at: datetime, *, as_json: bool) -> int:
    state = at_time.read_state(recorded.reader, at)
    if as_json:
        _print_document(recorded, at_time.document(state))
        return state.exit_code
    if state.rows:
        _print((*table(at_time.COLUMNS, at_time.as_rows(state), screen_width()), ""))
    _print([at_time.summary(state)])
    return state.exit_code


def _tend(recorded: Recorded, request: HistoryRequest, since: datetime, until: datetime) -> int:
    """Make a file of a part, or delete what is old."""
    from tui.history.cut import cut
    from tui.history.forget import forget

    if recorded.place is None:
        return refuse(f"history {request.action}: the demo keeps its history in memory")
    if request.action == "forget" and request.before is not None:
        gone = forget(recorded.place, request.before)
        _print(_forgotten(gone, request.before))
        return ATTENTION if gone.in_use else HEALTHY
    window = read_window(recorded.reader, since, until)
    if not window.was_seen:
        _print([listing.summary(window)])
        return NOT_RECORDED
    target = request.output or Path("night.db")
    try:
        troubles = cut(recorded.place, since, until, target)
    except FileExistsError:
        return refuse(f"{shown(target)} exists already and was not changed")
    for trouble in troubles:
        say(trouble)
    _print([listing.summary(window), f"wrote {shown(target)}; open it with syncdeck --replay {target}"])
    return HEALTHY


def _forgotten(gone: "Forgotten", before: datetime) -> Iterator[str]:
    days, rows = counted(len(gone.days), "day"), counted(gone.rows, "row")
    freed = f"{size_text(gone.size)} freed"
    yield f"deleted what was before {before:%Y-%m-%d %H:%M} UTC: {days} and {rows}, {freed}"
    if gone.in_use:
        yield "the day that is being recorded was kept: stop the recorder, then run it again"


def _size(recorded: Recorded, now: datetime, *, as_json: bool) -> int:
    extent, complete = kept(recorded.reader, now)
    if as_json:
        _print_document(
            recorded,
            {
                "since": stamp(extent.since),
                "until": stamp(extent.until),
                "bytes": extent.size,
                "days": extent.days,
                "complete": complete,
            },
        )
    else:
        place = f" in {shown(recorded.place)}" if recorded.place else ""
        _print([f"{kept_text(extent, complete, now)}{place}"])
    return HEALTHY if extent.since else NOT_RECORDED


def _print_document(recorded: Recorded, content: Mapping[str, object]) -> None:
    print(json_text({"profile": recorded.profile, **content}), flush=True)


def _print(lines: Iterable[str]) -> None:
    print("\n".join(lines), flush=True)
