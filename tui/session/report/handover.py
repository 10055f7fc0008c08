"""The facts of a hand-over: a report of the shift, and what is unfinished. Blocking."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from tui.domain.maintenance.banner import off_words, rest_words
from tui.domain.maintenance.records import Maintenance
from tui.domain.profile import suggested_command
from tui.domain.report.facts import HandoverFacts, Open
from tui.domain.report.names import Names
from tui.domain.text import counted
from tui.frozen import frozen
from tui.ops.audit.plan import interrupted
from tui.ops.drafts.draft import Draft
from tui.ops.maintenance.journals import Known
from tui.ops.operations.registry import OPERATIONS
from tui.session.report.gather import gather, names_of
from tui.session.report.sources import ReportRequest, Sources
from tui.session.unsent_rest import SHORT_ID


@frozen
class Unfinished:
    """What is not in the history or the audit trail."""

    drafts: Sequence[Draft] = ()
    maintenances: Known = field(default_factory=Known)


def gather_handover(
    sources: Sources, since: datetime, unfinished: Unfinished, *, is_anonymous: bool = False
) -> HandoverFacts:
    """`sources.trail` goes back further than the shift: a write may be unresolved for days."""
    request = ReportRequest(since, sources.now, is_anonymous=is_anonymous)
    names = names_of(sources, request)
    return HandoverFacts(
        gather(sources, request, names),
        tuple(_maintenance(one, sources.now, names) for one in unfinished.maintenances.open),
        tuple(_unsent(sources, names)),
        tuple(_draft(one, names) for one in unfinished.drafts),
        tuple(_unread(one, names) for one in unfinished.maintenances.troubles),
    )


def _unread(trouble: str, names: Names) -> str:
    """With the path of the file: as a whole it looks like a secret, its parts do not."""
    if names.is_anonymous:
        return "a journal of a maintenance cannot be read"
    return "/".join(map(names.text, trouble.split("/")))


def _maintenance(one: Maintenance, now: datetime, names: Names) -> Open:
    parts = (
        off_words(one),
        *rest_words(one),
        "overdue" if one.is_overdue(now) else "",
    )
    return Open(
        "",
        names.maintenance(one.id, one.name),
        one.opened_at,
        ", ".join(filter(None, parts)),
        one.until,
        names.user(one.user),
        names.note(one.reason),
        _command(names, one.profile, "maintenance", "close", one.id),
    )


def _command(names: Names, profile: str, *words: str) -> str:
    """It has the name of the profile."""
    return "" if names.is_anonymous else names.text(suggested_command(profile, *words))


def _unsent(sources: Sources, names: Names) -> Sequence[Open]:
    return [
        Open(
            _title(plan.operation, names),
            "",
            plan.at,
            f"{plan.left} not sent",
            user=names.user(plan.user),
            command=_command(names, sources.profile, "run", "--rest", plan.id[:SHORT_ID]),
        )
        for plan in interrupted(sources.trail.plans, sources.now, sources.trail.own)
    ]


def _draft(draft: Draft, names: Names) -> Open:
    fields = counted(len(draft.texts), "field")
    title = _title(draft.key.operation, names)
    return Open(title, names.named(draft.name), draft.at, f"{fields} changed and not sent")


def _title(operation_id: str, names: Names) -> str:
    operation = OPERATIONS.get(operation_id)
    return operation.title if operation else names.text(operation_id)
