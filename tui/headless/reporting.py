"""`syncdeck report` and `syncdeck handover`: print a document, or write it to a new private file.

Both are written from what was recorded, the audit trail and the drafts. No server is contacted; where
nothing was recorded, the document says so.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from tui.domain.history.records import Subject, SubjectKind
from tui.domain.report.formats import Format, write_handover, write_report
from tui.frozen import frozen
from tui.headless.exit_codes import HEALTHY
from tui.headless.history.subjects import UnknownTarget, meant
from tui.headless.output import refuse
from tui.paths import create_private, shown
from tui.session.history_events import subject_of
from tui.session.report.gather import gather
from tui.session.report.handover import Unfinished, gather_handover
from tui.session.report.sources import EARLIER, ReportRequest, Sources

WINDOW = timedelta(hours=8)


@frozen
class DocumentRequest:
    command: str
    """`report` or `handover`."""
    since: datetime | None = None
    until: datetime | None = None
    syncs: tuple[str, ...] = ()
    is_postmortem: bool = False
    is_anonymous: bool = False
    format: Format = Format.MARKDOWN
    output: Path | None = None
    """None: stdout."""


@frozen
class Kept:
    """What is known of a profile without its servers."""

    sources: Callable[[datetime, datetime], Sources]
    """With the audit trail from a time on, and its unresolved writes from another; blocking."""
    unfinished: Callable[[], Unfinished] = Unfinished


def run(request: DocumentRequest, make: Callable[[], Kept], now: datetime) -> int:
    """Raises ConfigError: from `make`. OSError: files cannot be used, or the output not be written."""
    until = min(request.until or now, now)
    since = request.since or until - WINDOW
    if since >= until:
        return refuse(f"{request.command}: --since must lie before --until and before now")
    if request.output is not None and request.output.exists():
        return refuse(f"{shown(request.output)} exists already and was not changed")
    if request.output is not None and not request.output.absolute().parent.is_dir():
        # A folder with a wrong name would be a new one, which nobody looks into.
        return refuse(f"there is no folder {shown(request.output.absolute().parent)}")
    kept = make()
    is_handover = request.command == "handover"
    # An unresolved write of a week ago concerns the next shift.
    sources = kept.sources(since, min(since, now - EARLIER) if is_handover else since)
    if is_handover:
        facts = gather_handover(sources, since, kept.unfinished(), is_anonymous=request.is_anonymous)
        return _put(write_handover(facts, request.format), request)
    try:
        about = _about(request.syncs, sources)
    except UnknownTarget as unknown:
        return refuse(f"report: {unknown}")
    wanted = ReportRequest(since, until, about, request.is_postmortem, request.is_anonymous)
    return _put(write_report(gather(sources, wanted), request.format), request)


def _about(words: Sequence[str], sources: Sources) -> tuple[Subject, ...]:
    """What the words mean, by the history and the audit trail; anything, where both are empty."""
    acted = (subject_of(entry) for entry in sources.trail.entries)
    known = dict.fromkeys((*sources.reader.subjects(), *filter(None, acted)))
    if known or not words:
        return meant(words, known, sources.reader.former_names() if words else {})
    return tuple(Subject(SubjectKind.SYNC, word, word) for word in words)


def _put(text: str, request: DocumentRequest) -> int:
    if request.output is None:
        print(text, end="", flush=True)
        return HEALTHY
    try:
        create_private(request.output, text)
    except FileExistsError:
        return refuse(f"{shown(request.output)} exists already and was not changed")
    print(f"wrote {shown(request.output)}", flush=True)
    return HEALTHY
