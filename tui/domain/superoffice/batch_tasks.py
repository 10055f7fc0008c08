"""Batch tasks of the tenant, and which of them may be ours. Source: superoffice PROTOCOL §7, §14.

The response to a batch resync has no task id (§5), so no task is certainly ours: one that was created at
or after the call is *possibly yours*, and any other is not marked.
"""

from datetime import datetime, timedelta

from tui.domain.timestamps import ABSENT, Moment, MomentKind
from tui.frozen import frozen

SLACK = timedelta(seconds=2)
"""Seconds. Server clocks are known only to the second, from their `Date` header."""


@frozen
class BatchTask:
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

    @property
    def since(self) -> Moment:
        """When it was created; if not reported, when it was last started."""
        return self.created if self.created.kind is not MomentKind.ABSENT else self.last_started

    def may_be_of(self, asked_at: datetime | None) -> bool | None:
        """Whether it may belong to a request at that time (by the server's clock); None: unknown."""
        if asked_at is None:
            return False
        return None if self.since.at is None else self.since.at >= asked_at - SLACK
