"""Reports of a history in memory, as a person reads them."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from tests.headless.history.recorded_night import NOW, night
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Subject
from tui.domain.report.facts import ReportFacts
from tui.domain.report.formats import Format, write_report
from tui.ops.audit.entries import History
from tui.session.report.gather import gather
from tui.session.report.sources import ReportRequest, Sources


def sources(
    reader: HistoryReader | None = None,
    trail: History | None = None,
    *,
    zone: tzinfo = UTC,
    now: datetime = NOW,
) -> Sources:
    return Sources("acme", reader or night(), trail or History(), now, zone, "bea", "production")


def facts(
    reader: HistoryReader | None = None,
    hours: float = 8,
    *,
    trail: History | None = None,
    zone: tzinfo = UTC,
    now: datetime = NOW,
    until: datetime | None = None,
    about: tuple[Subject, ...] = (),
    **more: Any,
) -> ReportFacts:
    request = ReportRequest((until or now) - timedelta(hours=hours), until or now, about, **more)
    return gather(sources(reader, trail, zone=zone, now=now), request)


def markdown(*args: Any, **more: Any) -> str:
    return write_report(facts(*args, **more), Format.MARKDOWN)


def section(text: str, title: str) -> list[str]:
    """The lines of a section that say something."""
    after = text.partition(f"\n## {title}\n")[2]
    return [line for line in after.partition("\n## ")[0].splitlines() if line]


def sentence(text: str) -> str:
    return text.splitlines()[2]
