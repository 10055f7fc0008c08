"""What an interrupted bulk never sent, according to the audit trail: for the console, `run` and `audit`.

Invariant: nothing is sent from here; a rest is read again, reviewed and confirmed like every other bulk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.domain.profile import ProfileFacts, suggested_command
from tui.domain.text import counted, one_line
from tui.ops.audit.entries import History
from tui.ops.audit.plan import OFFERED_FOR, Plan, interrupted
from tui.ops.operations.registry import title_of
from tui.ops.server_binding import elsewhere

SHORT_ID = 8
"""Characters of an id that are shown; `run --rest` takes them."""


@dataclass(frozen=True, slots=True)
class UnsentRest:
    plan: Plan
    obstacle: str
    """Why it is reported but not offered; empty: it is offered."""
    is_doubtful: bool
    """Whether a line of the trail after its plan is unreadable: it may be an attempt."""

    @property
    def title(self) -> str:
        return title_of(self.plan.operation)

    @property
    def id(self) -> str:
        return self.plan.id[:SHORT_ID]

    @property
    def sentence(self) -> str:
        """`Restart sync (11-30 03:12 UTC) ended before 388 of 500 targets were sent`."""
        plan, noun = self.plan, "call" if self.plan.rest_files else "target"
        of = f"{len(plan.unsent)} of {counted(len(plan.targets), noun)}"
        named = f"{self.title} ({plan.at:%m-%d %H:%M} UTC)"
        if plan.is_running() is None:
            return f"{named} on {_host(plan)} has not sent {of}"
        return f"{named} ended before {of} were sent"

    @property
    def command(self) -> str:
        return suggested_command(one_line(self.plan.profile), "run", "--rest", self.id)

    @property
    def words(self) -> str:
        """What is left, and what to do about it; on one line."""
        if self.plan.rest_files:
            files = ", ".join(map(one_line, self.plan.rest_files))
            return f"{self.sentence}; their keys are kept in {files}"
        doubt = "; an unreadable line of the audit trail may be one of them" if self.is_doubtful else ""
        if self.obstacle:
            return f"{self.sentence}{doubt}; not offered again: {self.obstacle}"
        return f"{self.sentence}{doubt}: {self.command} reviews them"


def unsent_rests(history: History, facts: ProfileFacts | None, now: datetime) -> tuple[UnsentRest, ...]:
    """The interrupted bulks, newest first; `facts` None: the profile's servers are not known here."""
    lines = [one.line for one in history.broken]
    return tuple(
        UnsentRest(plan, _obstacle(plan, facts, now), any(line > plan.line for line in lines))
        for plan in interrupted(history.plans, history.own)
    )


def _obstacle(plan: Plan, facts: ProfileFacts | None, now: datetime) -> str:
    if plan.rest_files:
        return "send its key file"
    if plan.undoes:
        return "it undoes changes; press u in the console to undo the rest"
    if plan.is_running() is None:
        return f"whether it still runs on {_host(plan)} cannot be seen from here"
    if not plan.is_recent(now):
        hours = round(OFFERED_FOR.total_seconds() / 3600)
        return f"it is older than {hours} hours; check the targets and start again"
    return elsewhere(plan.operation, plan.address, facts) if facts is not None else ""


def _host(plan: Plan) -> str:
    return one_line(plan.host) or "an unknown host"


def find(rests: Sequence[UnsentRest], prefix: str) -> UnsentRest | None:
    """The one whose id begins so, if there is just one."""
    found = [one for one in rests if prefix and one.plan.id.startswith(prefix)]
    return found[0] if len(found) == 1 else None
