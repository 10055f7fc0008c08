"""What the team wrote about a target in its present state."""

from collections.abc import Sequence

from tui.domain.history.records import State, SubjectKind
from tui.domain.runbooks import Runbook, runbooks_for
from tui.domain.why.explanation import Why
from tui.store.store import Store


def runbooks_of(
    runbooks: Sequence[Runbook], profile: str, why: Why, store: Store
) -> tuple[Runbook, ...]:
    """By the reason of its verdict, and by the server's own message."""
    if not runbooks:
        return ()
    subject, verdict = why.subject, why.verdict
    workers = store.workers() if subject.kind is SubjectKind.SYNC else ()
    status = next((one.status for one in workers if one.id == subject.key), None)
    text = "\n".join((verdict.reason, status.text if status is not None else ""))
    return runbooks_for(runbooks, profile, subject, State(verdict.word, verdict.level, text))
