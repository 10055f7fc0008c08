"""Batch tasks of the tenant, and which of them may be ours. Source: superoffice-erpsync §7, §14.

A batch resync answers with no task id (§5), so a task is never known to be ours: one that was created
at or after the call is *possibly yours*, and any other is not marked.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tui.domain.moments import ABSENT, Moment, MomentKind
from tui.domain.workers import Raw

SLACK = timedelta(seconds=2)
"""Server clocks are known to the second only, from their `Date` header."""


@dataclass(frozen=True, slots=True)
class BatchTask:
    """One batch task."""

    id: str
    name: str = ""
    state: str = ""
    """BatchTaskState by name; `Aquired` is spelled like that (§7)."""
    percent: int | None = None
    description: str = ""
    """ProgressDescription."""
    result: str = ""
    created: Moment = ABSENT
    last_started: Moment = ABSENT
    problem: str | None = None
    raw: Raw = field(default_factory=dict, repr=False, hash=False)

    @property
    def since(self) -> Moment:
        """When it was created; where that is not told, when it was last started."""
        return self.created if self.created.kind is not MomentKind.ABSENT else self.last_started

    def may_be_of(self, asked_at: datetime | None) -> bool | None:
        """Whether it may be what was asked for then (by the server's clock); None: nobody can tell."""
        if asked_at is None:
            return False
        return None if self.since.at is None else self.since.at >= asked_at - SLACK
