"""A maintenance as its journal holds it: a set of targets, what each was before, its stop and its start.

Invariant: what was noted before the first stop never changes; stops and starts are added to it.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from tui.domain.profile import System
from tui.domain.result import Result
from tui.frozen import frozen

_DATED = re.compile(r"(?:(?!adhoc-)(?P<name>.+)|adhoc)-\d{8}-\d{6}(?:-\d+)?", re.ASCII)


def dated_id(name: str, at: datetime) -> str:
    """The id of the maintenance `name` opened at that time; an ad-hoc name is an id already."""
    return name if name.startswith("adhoc-") else f"{name}-{at:%Y%m%d-%H%M%S}"


def name_in_id(id: str) -> str:
    """The name in such an id; empty where it is none, as that of another plan."""
    found = _DATED.fullmatch(id)
    return "" if found is None else found["name"] or id


class MemberKind(StrEnum):
    SYNC = "sync"
    CONNECTION = "connection"
    ENGINE = "engine"

    @property
    def system(self) -> System:
        """Where its targets are."""
        return System.JTL if self is MemberKind.SYNC else System.SUPEROFFICE


@frozen
class Step:
    """A stop or a start of ours."""

    at: datetime
    """When it left; once its effect was seen, when that was."""
    result: Result | None = None
    """None: it was noted before it was sent, and nothing is known since."""
    audit: str = ""
    """Id of the attempt in the audit trail; empty: nothing was recorded there."""
    sentence: str = ""
    server_at: datetime | None = None
    """When, by the server's clock; None: it is not known."""

    @property
    def word(self) -> str:
        return "sending" if self.result is None else self.result.value

    @property
    def may_have_effect(self) -> bool:
        """What was not seen at once may have come later."""
        return self.is_doubtful or (self.result is not None and self.result.may_have_effect)

    @property
    def is_doubtful(self) -> bool:
        """Whether it may or may not have had its effect."""
        return self.result in (None, Result.UNKNOWN, Result.NOT_APPLIED)

    @property
    def is_pending(self) -> bool:
        """Whether it may have an effect that was not seen."""
        return self.may_have_effect and self.result is not Result.APPLIED


@frozen
class NotedTarget:
    id: str
    """Identifier on the server; of the engine `engine`."""
    name: str
    kind: MemberKind
    before: str
    """Its state in words when the maintenance was opened."""
    left: str = ""
    """Why it is left as it was: neither stopped nor started; empty: it is stopped."""
    stop: Step | None = None
    start: Step | None = None
    """A start with the result *unchanged* was not needed."""
    earlier: Step | None = None
    """An earlier stop in doubt, as long as nothing certain is known of `stop`, the later one."""

    def with_stop(self, step: Step) -> "NotedTarget":
        """With this stop. What is in doubt stays so: what became of a later try says nothing of it."""
        is_same_try = self.stop is not None and step.audit != "" and step.audit == self.stop.audit
        if self.is_settled or self.start is not None or (self.was_seen_off and not is_same_try):
            return self
        if self.stop is not None and is_same_try:
            step = _left_with(self.stop, step)
        earlier = self.earlier
        if self.stop is not None and self.stop.is_pending and not is_same_try:
            earlier = self.stop
        if earlier is not None and not step.may_have_effect:
            return replace(self, stop=_still_pending(earlier, step, "stop", "off"), earlier=None)
        return replace(self, stop=step, earlier=earlier if step.is_doubtful else None)

    def with_start(self, step: Step) -> "NotedTarget":
        """With this start; what is settled changes only by what is seen of the same try, and what is in
        doubt stays so where a later try was not sent or failed."""
        before = self.start
        is_same_try = before is not None and step.audit != "" and step.audit == before.audit
        if self.is_settled and not is_same_try:
            return self
        if before is not None and is_same_try:
            step = _left_with(before, step)
        is_news = is_same_try or step.may_have_effect or step.result is Result.UNCHANGED
        if before is not None and self.is_start_in_doubt and not is_news:
            return replace(self, start=_still_pending(before, step, "start", "running"))
        return replace(self, start=step)

    @property
    def is_to_stop(self) -> bool:
        """Whether its stop is missing, or was not seen to have its effect."""
        return not self.was_seen_off and not self.is_settled

    @property
    def was_stopped(self) -> bool:
        """Whether we stopped it, as far as is known."""
        return self.stop is not None and self.stop.may_have_effect

    @property
    def was_seen_off(self) -> bool:
        """Whether it was seen that our stop had its effect."""
        return self.stop is not None and self.stop.result is Result.APPLIED

    @property
    def is_settled(self) -> bool:
        """Whether closing has nothing left to do with it."""
        done = (Result.APPLIED, Result.UNCHANGED)
        return bool(self.left) or (self.start is not None and self.start.result in done)

    @property
    def is_start_in_doubt(self) -> bool:
        """Whether it may run by our start, which was not seen."""
        unseen = (None, Result.UNKNOWN, Result.ACCEPTED)
        return self.start is not None and not self.left and self.start.result in unseen

    @property
    def last(self) -> Step | None:
        """Its stop, or a start of ours that was not seen."""
        return self.start if self.is_start_in_doubt else self.stop

    @property
    def is_off(self) -> bool:
        """Whether it is off by us, as far as is known."""
        return self.was_stopped and not self.is_settled

    @property
    def stop_word(self) -> str | None:
        """For `--json`: `left`, `sending` or the result of the stop; None: it was not sent yet."""
        return "left" if self.left else self.stop.word if self.stop else None

    @property
    def start_word(self) -> str | None:
        return self.start.word if self.start else None


def _left_with(before: Step, now: Step) -> Step:
    """The same try, by what is known now: as long as its effect was not seen, the time counts at which
    it left, whatever was read since."""
    return replace(now, at=before.at, server_at=before.server_at) if now.is_pending else now


def _still_pending(earlier: Step, later: Step, verb: str, state: str) -> Step:
    """The earlier step, and that the later one changed nothing."""
    is_taken = earlier.result is Result.ACCEPTED
    taken, lost = f"accepted before, and not seen {state}", f"an earlier {verb} may take effect yet"
    known = taken if is_taken else lost
    said = f"{known}; then {later.word}: {later.sentence}"
    return replace(earlier, result=earlier.result or Result.UNKNOWN, sentence=said)


@frozen
class Holder:
    """The process that is opening or closing a maintenance now."""

    pid: int
    host: str
    process: str = ""
    """When it started, in the kernel's words."""
    user: str = ""
    closes: bool = False
    """Whether it closes it; else it opens it, or goes on with that."""


class SetState(StrEnum):
    OPEN = "open"
    PARTLY = "partly"
    """Something that was to be stopped runs, or something that was to be started is off."""
    CLOSED = "closed"


@frozen
class Maintenance:
    id: str
    name: str
    profile: str
    reason: str
    user: str
    opened_at: datetime
    until: datetime
    """The planned end."""
    targets: tuple[NotedTarget, ...]
    """In the order in which they are stopped."""
    addresses: tuple[tuple[str, str], ...] = ()
    """The address of each system of the profile, by its name."""
    drain_s: float = 0.0
    """Seconds that running syncs have to end by themselves."""
    holder: Holder | None = None
    """None: nobody works on it, or the one who did ended without finishing."""
    closed_at: datetime | None = None
    """None: it is open."""

    @property
    def off(self) -> tuple[NotedTarget, ...]:
        """What is off by us and not started again."""
        return tuple(one for one in self.targets if one.is_off)

    @property
    def in_doubt(self) -> tuple[NotedTarget, ...]:
        """What is off by us or not: the effect of its last step was not seen. While somebody works on
        it, a step under way is not doubtful."""
        return tuple(one for one in self._unseen if not self._is_under_way(one))

    @property
    def under_way(self) -> tuple[NotedTarget, ...]:
        """What somebody who works on it stops or starts now."""
        return tuple(filter(self._is_under_way, self._unseen))

    @property
    def _unseen(self) -> tuple[NotedTarget, ...]:
        return tuple(one for one in self.off if one.last is not None and one.last.is_pending)

    def _is_under_way(self, one: NotedTarget) -> bool:
        is_sent = one.last is not None and one.last.result in (None, Result.ACCEPTED)
        return self.holder is not None and is_sent

    @property
    def not_stopped(self) -> tuple[NotedTarget, ...]:
        """What was to be stopped and is not, as far as is known; once closing has begun, nothing is."""
        return () if self.is_closing else tuple(one for one in self.targets if one.is_to_stop)

    @property
    def not_started(self) -> tuple[NotedTarget, ...]:
        """What closing has not started, as far as is known."""
        if not self.is_closing:
            return ()
        rest = (one for one in self.targets if not one.is_settled and (one.is_off or one.start))
        doubt = frozenset(self.in_doubt)
        return tuple(one for one in rest if one not in doubt)

    @property
    def is_closing(self) -> bool:
        if self.holder is not None and self.holder.closes:
            return True
        return any(one.start is not None for one in self.targets)

    @property
    def is_interrupted(self) -> bool:
        """Whether opening or closing has ended before all was done: go on, or close."""
        return self.state is SetState.PARTLY

    @property
    def state(self) -> SetState:
        if self.closed_at is not None:
            return SetState.CLOSED
        if self.holder is not None:
            return SetState.OPEN
        return SetState.PARTLY if self.is_closing or self.not_stopped else SetState.OPEN

    def is_overdue(self, now: datetime) -> bool:
        return self.closed_at is None and now >= self.until

    def with_target(self, changed: NotedTarget) -> "Maintenance":
        return replace(
            self, targets=tuple(changed if one.id == changed.id else one for one in self.targets)
        )


def open_ones(known: Iterable[Maintenance]) -> tuple[Maintenance, ...]:
    """Those that are not closed, the oldest first."""
    still = (one for one in known if one.closed_at is None)
    return tuple(sorted(still, key=lambda one: (one.opened_at, one.id)))
