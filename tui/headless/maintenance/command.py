"""`syncdeck maintenance open` and `close`: plan, show, confirm, then stop or start a few at a time.

Exit codes: 0 all done, 1 something is left, 2 refused: nothing was sent; 128+n after a signal.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TypeVar

from tui.core import Core
from tui.domain.elapsed import utc_now
from tui.domain.history.observing import kept_text
from tui.domain.intervals import short
from tui.domain.maintenance.doubt import Clocks, arriving
from tui.domain.maintenance.records import Maintenance, NotedTarget, Step
from tui.domain.maintenance.rules import Act, Decision
from tui.domain.profile import suggested_command
from tui.domain.result import Result
from tui.frozen import frozen
from tui.headless.event_loop import OwnLoop, core_loop
from tui.headless.exit_codes import ATTENTION, HEALTHY
from tui.headless.fetch import Clock
from tui.headless.maintenance.listing import standing
from tui.headless.maintenance.same_terms import differing
from tui.headless.output import line, refuse, say
from tui.headless.run.confirmation import DECLINED, asked, needs_yes, yes_falls_short
from tui.ops.maintenance.covered import others_of
from tui.ops.maintenance.hindrances import already_open, busy
from tui.ops.maintenance.planning import (
    ClosingPlan,
    OpeningPlan,
    adhoc_name,
    counts_text,
    plan_closing,
    plan_opening,
    read_through,
    set_words,
)
from tui.ops.operations.operation import Danger
from tui.ops.refusal import Refusal
from tui.paths import reason_of
from tui.session.maintenance.beginning import Beginning, Terms
from tui.session.maintenance.run import MaintenanceRun

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


@frozen
class OpenRequest:
    name: str
    """A set of the config, or the name for `filters`; empty: filters under a name of their own."""
    filters: tuple[str, ...]
    reason: str | None = None
    """None, as with the others: it is not given, which only going on allows."""
    until: datetime | None = None
    drain_s: float | None = None
    yes: bool = False
    profile: str | None = None
    """As given on the command line; None: the default profile."""


@frozen
class CloseRequest:
    name: str
    """Name or id."""
    dry_run: bool = False
    yes: bool = False
    profile: str | None = None
    settled: tuple[str, ...] = ()
    """Names or ids of targets that are as they should be, by the operator."""


def open_set(
    request: OpenRequest,
    make_core: Callable[[], Core],
    *,
    clock: Clock = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> int:
    """Stop a set; where its opening was interrupted, go on with it.

    Raises tui.config.file.ConfigError: from `make_core`. OSError: the output could not be written.
    """
    with _work(make_core, clock, sleep) as work:
        return work.open(request)


def close_set(
    request: CloseRequest,
    make_core: Callable[[], Core],
    *,
    clock: Clock = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> int:
    """Start exactly what was stopped. Raises as `open_set`."""
    with _work(make_core, clock, sleep) as work:
        return work.close(request)


@contextmanager
def _work(make_core: Callable[[], Core], clock: Clock, sleep: Sleep) -> "Iterator[_Work]":
    core = make_core()
    with core_loop(core) as loop:
        try:
            yield _Work(core, loop, clock, sleep)
        except _Interrupted as signal:
            raise SystemExit(128 + signal.number) from None


class _Interrupted(Exception):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _Work:
    def __init__(self, core: Core, loop: OwnLoop, clock: Clock, sleep: Sleep) -> None:
        self._core, self._loop, self._clock = core, loop, clock
        self._beginning = Beginning(core, clock, sleep)

    # Opening.

    def open(self, request: OpenRequest) -> int:
        interrupted = self._interrupted(request.name)
        if isinstance(interrupted, Refusal):
            return _refuse(interrupted)
        if interrupted is not None:
            return self._go_on(interrupted, request)
        name = request.name or adhoc_name(self._clock())
        words: tuple[str, ...] | Refusal = request.filters
        if not request.filters:
            words = set_words(self._core.facts, request.name)
        if not request.name and not request.filters:
            words = Refusal("name a set of the config, or what is meant by --target FILTER")
        if isinstance(words, Refusal):
            return _refuse(words)
        terms = _terms(request, self._clock())
        if isinstance(terms, Refusal):
            return _refuse(terms)
        plan = self._read(plan_opening(self._core.guard, name, words))
        if isinstance(plan, Refusal):
            return _refuse(plan)
        _show(_opening_lines(plan, terms))
        hindrance = self._unconfirmed(
            plan.grade(self._core.facts.environment), f"open {plan.name}", request.yes, request.profile
        )
        if hindrance:
            return _refuse(Refusal(hindrance))
        run = self._run(self._beginning.opening(plan, terms))
        return self._carried_out(run, lambda begun: begun.open())

    def _interrupted(self, name: str) -> Maintenance | Refusal | None:
        """The open maintenance of that name whose opening did not end."""
        journals = self._core.maintenances
        try:
            known = journals.read() if journals is not None else None
        except OSError as failure:
            return Refusal(f"nothing was sent: the journals cannot be read ({reason_of(failure)})")
        same = next((one for one in known.open if name in (one.name, one.id)), None) if known else None
        if same is None or (same.is_interrupted and not same.is_closing):
            return same
        return busy(same) or already_open(same)

    def _go_on(self, one: Maintenance, request: OpenRequest) -> int:
        differs = self._differs(one, request)
        if differs is not None:
            return _refuse(differs)
        print(line(f"{one.name} was interrupted: going on with what is not stopped"))
        clocks = Clocks(self._clock())
        words = ((("wait" if arriving(x, clocks) else "stop"), x.name) for x in one.not_stopped)
        _show(f"  {word}  {line(name)}" for word, name in words)
        plan = OpeningPlan(one.name, one.not_stopped)
        grade = plan.grade(self._core.facts.environment)
        hindrance = self._unconfirmed(grade, f"open {one.name}", request.yes, request.profile)
        if hindrance:
            return _refuse(Refusal(hindrance))
        return self._carried_out(self._run(self._beginning.going_on(one)), lambda begun: begun.open())

    def _differs(self, one: Maintenance, request: OpenRequest) -> Refusal | None:
        """Which option says something else than the journal, which going on does not change."""
        targets: Sequence[NotedTarget] = one.targets
        if request.filters:
            plan = self._read(plan_opening(self._core.guard, one.name, request.filters))
            if isinstance(plan, Refusal):
                return plan
            targets = plan.targets
        return differing(one, targets, request.reason, request.until, request.drain_s)

    # Closing.

    def close(self, request: CloseRequest) -> int:
        journals = self._core.maintenances
        try:
            found = journals.read().find(request.name) if journals is not None else Refusal("none")
        except OSError as failure:
            found = Refusal(f"nothing was sent: the journals cannot be read ({reason_of(failure)})")
        if not isinstance(found, Refusal) and found.closed_at is not None:
            found = Refusal(f"{found.name} was closed {found.closed_at:%Y-%m-%d %H:%M} UTC")
        found = busy(found) or found if isinstance(found, Maintenance) else found
        if isinstance(found, Refusal):
            return _refuse(found)
        others = others_of(journals, self._core.facts)
        plan = self._read(plan_closing(self._core.guard, found, others))
        if isinstance(plan, Refusal):
            return _refuse(plan)
        settled = plan.named(request.settled)
        if isinstance(settled, Refusal):
            return _refuse(settled)
        too_soon = plan.too_soon(settled, Clocks(self._clock()))
        if too_soon is not None:
            return _refuse(too_soon)
        plan = plan.with_settled(settled)
        _show(_closing_lines(plan))
        if request.dry_run:
            say("nothing was sent: this is a dry run")
            return HEALTHY
        also = frozenset() if request.yes else self._asked_for(plan.of(Act.ASK))
        grade = plan.grade(self._core.facts.environment, also)
        hindrance = self._unconfirmed(grade, f"close {found.name}", request.yes, request.profile)
        if hindrance:
            return _refuse(Refusal(hindrance))
        run = self._run(self._beginning.closing(plan))
        return self._carried_out(run, lambda begun: begun.close(also))

    def _asked_for(self, doubtful: Collection[Decision]) -> frozenset[str]:
        """The ids of those that a person wants to be started; without a terminal none."""
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return frozenset()
        wanted = set()
        for one in doubtful:
            print(line(f"{one.target.name}: {one.sentence}. Start it?"))
            if asked(Danger.DISRUPTIVE, self._core.facts, sys.stdin, sys.stdout):
                wanted.add(one.target.id)
        return frozenset(wanted)

    # Both.

    def _unconfirmed(self, grade: Danger, what: str, yes: bool, profile: str | None) -> str:
        """Why it was not confirmed; empty: it was, or nothing will be sent."""
        facts = self._core.facts
        if grade is Danger.READ:
            return ""
        if yes:
            return yes_falls_short(grade, facts, profile) or ""
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return needs_yes(grade, facts)
        print(line(f"maintenance: {what} · {facts.name} · {facts.environment.value}"))
        return "" if asked(grade, facts, sys.stdin, sys.stdout) else DECLINED

    def _carried_out(
        self,
        run: MaintenanceRun | Refusal,
        work: Callable[[MaintenanceRun], Coroutine[object, object, None]],
    ) -> int:
        if isinstance(run, Refusal):
            return _refuse(run)
        run.follow(_Progress(run).show)
        _, number = self._loop.run(work(run))
        for target in run.rest:
            say(f"{target.name}: {standing(target)}")
        print(line(run.summary), flush=True)
        if run.one.closed_at is None and run.one.off:
            close = suggested_command(run.one.profile, "maintenance", "close", run.one.id)
            print(line(f"close it by: {close}"), flush=True)
        if number:
            return 128 + number
        return HEALTHY if run.is_well else ATTENTION

    def _read(self, planning: Coroutine[object, object, T | Refusal]) -> T | Refusal:
        return self._run(read_through(planning))

    def _run(self, work: Coroutine[object, object, T]) -> T:
        """The result. Raises _Interrupted: a signal came first."""
        result, number = self._loop.run(work)
        if number or result is None:
            raise _Interrupted(number)
        return result


class _Progress:
    """Prints each target once its step has ended."""

    def __init__(self, run: MaintenanceRun) -> None:
        self._run = run
        self._printed: dict[str, tuple[Step | None, Step | None]] = {
            one.id: (one.stop, one.start) for one in run.before.targets
        }
        self._left = {one.id for one in run.before.targets if one.left}

    def _step(self, target: NotedTarget) -> Step | None:
        return target.stop if self._run.is_opening else target.start

    def show(self) -> None:
        for target in self._run.one.targets:
            if target.left and target.id not in self._left:
                self._left.add(target.id)
                self._print(f"left · {target.name}: {target.left}")
            step = self._step(target)
            is_printed = step is None or step in self._printed[target.id]
            if step is None or is_printed or step.result in (None, Result.ACCEPTED):
                continue
            self._printed[target.id] = (target.stop, target.start)
            said = f": {step.sentence}" if step.sentence else ""
            self._print(f"{step.word} · {target.name}{said}")

    def _print(self, text: str) -> None:
        # Where the reader is gone, the rest is carried through; the last line then fails as well.
        with suppress(OSError):
            print(line(text), flush=True)


def _terms(request: OpenRequest, now: datetime) -> Terms | Refusal:
    """Those of a new maintenance."""
    if request.reason is None:
        return Refusal("--reason is missing: say what it is for")
    if request.until is None:
        return Refusal("--until is missing: the planned end, such as 2h or 03:00")
    terms = Terms(kept_text(request.reason), request.until, request.drain_s or 0.0)
    problem = terms.problem(now)
    return Refusal(problem) if problem else terms


def _opening_lines(plan: OpeningPlan, terms: Terms) -> Iterator[str]:
    yield line(f"Open maintenance {plan.name} until {terms.until:%Y-%m-%d %H:%M} UTC: {terms.reason}")
    for target in plan.targets:
        if target.left:
            yield "  left  " + line(f"{target.name} · {target.before}: {target.left}")
        elif target.id in plan.waits:
            yield "  wait  " + line(f"{target.name} · {target.before}: {plan.waits[target.id]}")
        else:
            yield "  stop  " + line(f"{target.name} · {target.before}")
    if terms.drain_s:
        yield f"Running syncs have {short(terms.drain_s)} to end first."
    yield counts_text(plan)


def _closing_lines(plan: ClosingPlan) -> Iterator[str]:
    one = plan.maintenance
    yield line(f"Close maintenance {one.name}, open since {one.opened_at:%Y-%m-%d %H:%M} UTC")
    words = {Act.START: "start", Act.LEAVE: "leave", Act.TELL: "rest", Act.ASK: "ask"}
    for decision in plan.decisions:
        yield f"  {words[decision.act]:<5}  " + line(f"{decision.target.name}: {decision.sentence}")
        if decision.step:
            yield " " * 9 + line(decision.step)


def _show(plan: Iterable[str]) -> None:
    """Print what is to be done, for who confirms it."""
    try:
        print("".join(f"{one}\n" for one in plan), end="", flush=True)
    except OSError:
        say("nothing was sent: the output was closed before the plan was written")
        raise


def _refuse(refusal: Refusal) -> int:
    return refuse(". ".join(filter(None, (refusal.sentence, refusal.next_step))))
