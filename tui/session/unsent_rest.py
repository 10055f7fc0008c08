"""What an interrupted bulk never sent, according to the audit trail: for the console, `run` and `audit`.

Invariant: nothing is sent from here; a rest is read again, reviewed and confirmed like every other bulk.
"""

from collections.abc import Sequence
from datetime import datetime

from tui.domain.profile import ProfileFacts, suggested_command
from tui.domain.text import one_line
from tui.frozen import frozen
from tui.ops.audit.entries import History
from tui.ops.audit.plan import OFFERED_FOR, Plan, interrupted
from tui.ops.operations.registry import title_of
from tui.ops.server_binding import elsewhere
from tui.ops.text_commands.resync_from_text import RESYNC_SETTINGS
from tui.ops.text_commands.setting import Given, Setting, find_setting

SHORT_ID = 8
"""Characters of an id that are shown; `run --rest` takes them."""


@frozen
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
        plan = self.plan
        named = f"{self.title} ({plan.at:%m-%d %H:%M} UTC)"
        if plan.is_running() is None:
            return f"{named} on {_host(plan)} has not sent {plan.left}"
        were = "was" if plan.keys_left == 1 else "were"
        return f"{named} ended before {plan.left} {were} sent"

    @property
    def targets(self) -> tuple[str, ...]:
        """Identifiers, each once."""
        keys = [key for key, _ in self.plan.unsent] or self.plan.targets
        return tuple(dict.fromkeys(keys))

    @property
    def parts(self) -> tuple[tuple[tuple[str, ...], Given], ...]:
        """Targets, and what these are sent with: each source of a resync with the keys of its file."""
        given = [(name, text) for name, _, text in (one.partition("=") for one in self.plan.settings)]
        if not self.plan.files:
            return ((self.targets, given),)
        how = [one for one in given if _is_how(one[0])]
        is_external = any(name.casefold() == "actor_type" for name, _ in how)
        keys = "external" if is_external else "keys"
        return tuple(((source,), [(keys, f"@{path}"), *how]) for source, path in self.plan.files_left)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The settings that have to be written again."""
        return () if self.plan.files else self.plan.withheld

    @property
    def command(self) -> str:
        return suggested_command(one_line(self.plan.profile), "run", "--rest", self.id)

    @property
    def words(self) -> str:
        """What is left, and what to do about it; on one line."""
        if self.plan.rest_files and self.obstacle:
            files = ", ".join(map(one_line, self.plan.rest_files))
            drop = suggested_command(one_line(self.plan.profile), "run", "--drop-rest", self.id)
            return f"{self.sentence}; {self.obstacle}: {files}; then {drop}"
        doubt = "; an unreadable line of the audit trail may be one of them" if self.is_doubtful else ""
        if self.obstacle:
            return f"{self.sentence}{doubt}; not offered again: {self.obstacle}"
        kept = ", ".join(one_line(str(path)) for _, path in self.plan.files_left)
        where = f"; their keys are kept in {kept}" if kept else ""
        return f"{self.sentence}{doubt}: {self.command} reviews them{where}"


def unsent_rests(history: History, facts: ProfileFacts | None, now: datetime) -> tuple[UnsentRest, ...]:
    """The interrupted bulks, newest first; `facts` None: the profile's servers are not known here."""
    lines = [one.line for one in history.broken]
    return tuple(
        UnsentRest(plan, _obstacle(plan, facts, now), any(line > plan.line for line in lines))
        for plan in interrupted(history.plans, now, history.own)
    )


def _obstacle(plan: Plan, facts: ProfileFacts | None, now: datetime) -> str:
    if plan.rest_files and not plan.files:
        return "not each of its sources has a file: send each file as keys=@FILE"
    if plan.undoes:
        return "it undoes changes; press u in the console to undo the rest"
    if plan.is_running() is None:
        return f"whether it still runs on {_host(plan)} cannot be seen from here"
    if not (plan.is_recent(now) or plan.rest_files):
        hours = round(OFFERED_FOR.total_seconds() / 3600)
        return f"it is older than {hours} hours; check the targets and start again"
    return elsewhere(plan.operation, plan.address, facts) if facts is not None else ""


def _is_how(name: str) -> bool:
    """Whether a setting of a resync is not of its key list."""
    found = find_setting(name, RESYNC_SETTINGS)
    return isinstance(found, Setting) and found.name in ("actor_type", "blanks", "how")


def _host(plan: Plan) -> str:
    return one_line(plan.host) or "an unknown host"


def find(rests: Sequence[UnsentRest], prefix: str) -> UnsentRest | None:
    """The one whose id begins so, if there is just one."""
    found = [one for one in rests if prefix and one.plan.id.startswith(prefix)]
    return found[0] if len(found) == 1 else None
