"""The facts of a hand-over: a report of the shift, and what is unfinished. Blocking."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.maintenance.records import Maintenance
from tui.domain.profile import suggested_command
from tui.domain.report.facts import HandoverFacts, Open
from tui.domain.report.names import Names
from tui.domain.text import counted
from tui.ops.audit.plan import interrupted
from tui.ops.drafts.draft import Draft
from tui.ops.maintenance.journals import Known
from tui.ops.operations.registry import OPERATIONS
from tui.session.report.gather import gather
from tui.session.report.sources import ReportRequest, Sources

_ID = 8
"""Characters of a plan's id; `run --rest` takes them."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is not in the history or the audit trail."""

    drafts: Sequence[Draft] = ()
    maintenances: Known = field(default_factory=Known)


def gather_handover(
    sources: Sources, since: datetime, unfinished: Unfinished, *, is_anonymous: bool = False
) -> HandoverFacts:
    """`sources.trail` goes back further than the shift: a write may be unresolved for days."""
    request = ReportRequest(since, sources.now, is_anonymous=is_anonymous)
    names = Names(sources.profile, sources.reader.subjects(), is_anonymous=is_anonymous)
    return HandoverFacts(
        gather(sources, request),
        tuple(_maintenance(one, sources.now, names) for one in unfinished.maintenances.open),
        tuple(_unsent(sources, names)),
        tuple(_draft(one, names) for one in unfinished.drafts),
        tuple(_unread(one, names) for one in unfinished.maintenances.troubles),
    )


def _unread(trouble: str, names: Names) -> str:
    """With the path of the file: as a whole it looks like a secret, its parts do not."""
    if names.is_anonymous:
        return names.text(trouble)
    return "/".join(map(names.text, trouble.split("/")))


def _maintenance(one: Maintenance, now: datetime, names: Names) -> Open:
    parts = (
        f"{len(one.off)} off",
        f"{len(one.not_stopped)} not stopped" if one.not_stopped else "",
        f"{len(one.not_started)} not started" if one.not_started else "",
        "overdue" if one.is_overdue(now) else "",
    )
    close = suggested_command(one.profile, "maintenance", "close", one.id)
    return Open(
        "",
        names.named(one.name),
        one.opened_at,
        ", ".join(filter(None, parts)),
        one.until,
        names.user(one.user),
        names.note(one.reason),
        "" if names.is_anonymous else names.text(close),
    )


def _unsent(sources: Sources, names: Names) -> Sequence[Open]:
    return [
        Open(
            _title(plan.operation, names),
            "",
            plan.at,
            f"{len(plan.unsent)} of {counted(len(plan.targets), 'target')} were not sent",
            user=names.user(plan.user),
            command=names.text(suggested_command(sources.profile, "run", "--rest", plan.id[:_ID])),
        )
        for plan in interrupted(sources.trail.plans, sources.trail.own)
    ]


def _draft(draft: Draft, names: Names) -> Open:
    fields = counted(len(draft.texts), "field")
    title = _title(draft.key.operation, names)
    return Open(title, names.named(draft.name), draft.at, f"{fields} changed and not sent")


def _title(operation_id: str, names: Names) -> str:
    operation = OPERATIONS.get(operation_id)
    return operation.title if operation else names.text(operation_id)
