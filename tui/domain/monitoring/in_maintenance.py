"""What open maintenances change in a check: what they cover does not count, and they are said. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tui.domain.history.records import SubjectKind
from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import NotedTarget
from tui.domain.maintenance.rules import Seen
from tui.domain.monitoring.check_result import Observation, Row


def with_maintenance(
    seen: Observation, covered: Covered, now: datetime, *, is_named: bool, read: Iterable[Row] = ()
) -> Observation:
    """`now` by our clock. `is_named`: only a part of the profile is checked; a maintenance that covers
    none of it is then left out. `read`: all rows that were read, also those that were not selected: a
    maintenance is counted by them."""
    rows = tuple(
        replace(row, maintenance=covered.by(row.kind.value, row.id, row.seen)) for row in seen.rows
    )
    meant = {covered.by(row.kind.value, row.id) for row in rows}
    reported = replace(
        covered, open=tuple(one for one in covered.open if not is_named or one.name in meant)
    )
    states = {(row.kind.value, row.id.casefold()): row.seen for row in (*read, *rows)}

    def seen_now(target: NotedTarget) -> Seen | None:
        return states.get((target.kind.value, target.id.casefold()))

    urgent = (
        Row(SubjectKind.MAINTENANCE, one.id, f"maintenance {one.name}", verdict)
        for one, verdict in reported.verdicts(now, seen_now)
    )
    # It may cover what is checked, also where only a part is.
    unread = (
        Row(SubjectKind.MAINTENANCE, "", "journal of a maintenance", verdict)
        for verdict in covered.unreadable
    )
    return replace(seen, rows=(*rows, *urgent, *unread), maintenance=reported.sentences(now, seen_now))
