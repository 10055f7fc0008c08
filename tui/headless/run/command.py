"""`syncdeck run`: plan every target, show the plan, confirm, send each once, report the results.

Invariant: nothing is sent unless every target could be planned and the most dangerous one was confirmed.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TextIO

from tui.core import Core
from tui.domain.elapsed import utc_now
from tui.domain.intervals import short
from tui.domain.profile import System
from tui.domain.result import Result
from tui.frozen import frozen
from tui.headless.event_loop import OwnLoop, core_loop
from tui.headless.exit_codes import HEALTHY, UNUSABLE, worst
from tui.headless.fetch import Clock, server_now
from tui.headless.output import line, say, screen_width
from tui.headless.run.argument_values import pairs, read_stdin, visible_secrets
from tui.headless.run.confirmation import DECLINED, asked, needs_yes, yes_falls_short
from tui.headless.run.plan import PlannedTarget, heeded_in, joined, plan, read_lists
from tui.headless.run.rest import ChosenRest, chosen_rest, drop, find_rest, read_rests
from tui.headless.run.results import RunResult, as_json, as_lines, code_of
from tui.headless.run.resync_remainder import RunRests
from tui.headless.run.review import review
from tui.headless.run.sender import Sender
from tui.ops.execution.plan_record import PlanRecord
from tui.ops.operations.names import find_operation
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import writes
from tui.ops.proposals.grading import grade_of
from tui.ops.refusal import Refusal
from tui.ops.text_commands.setting import Given
from tui.ops.text_commands.value_sources import ValueSources


@frozen
class RunRequest:
    operation: str
    targets: tuple[str, ...]
    settings: tuple[str, ...] = ()
    """`KEY=VALUE`, as given."""
    yes: bool = False
    dry_run: bool = False
    as_json: bool = False
    profile: str | None = None
    """As given on the command line; None: the default profile."""
    rest: str = ""
    """Id of the interrupted bulk whose rest is to be sent; operation and targets are its own."""
    drop_rest: str = ""
    """Id of one whose rest is not to be offered again."""
    no_wait: bool = False
    """Whether to skip waiting for the effect of a start or stop; *accepted* is a success then."""
    first_run_s: float | None = None
    """How long to wait for the end of the first run after a start or restart, in seconds; None: not."""


_RUNS_FOLLOW = ("worker.start", "worker.restart")
_NOT_TRIED = (Result.NOT_SENT, Result.REFUSED)
_MOST_ON_A_LINE = 3
"""Problems that are printed on one line."""


def run(
    request: RunRequest,
    make_core: Callable[[], Core],
    *,
    clock: Clock = utc_now,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> int:
    """Run it and return the exit code.

    Raises tui.config.file.ConfigError: from `make_core`; nothing was requested. OSError: the output
    could not be written; requests under way were completed.
    """
    if request.rest or request.drop_rest:
        return _resume(request, make_core(), clock, sleep)
    operation = find_operation(request.operation, writes())
    args, wrong = pairs(request.settings)
    wrong = [*([operation.sentence] if isinstance(operation, Refusal) else []), *wrong]
    if wrong or isinstance(operation, Refusal):
        for sentence in wrong:
            say(sentence)
        return UNUSABLE
    core = make_core()
    with core_loop(core) as loop:
        rests, number = loop.run(read_rests(core, clock))
        if number:
            return 128 + number
        for rest in rests or ():
            say(rest.words)
        return _Run(request, operation, args, core, loop, clock, sleep).run()


def _resume(
    request: RunRequest, core: Core, clock: Clock, sleep: Callable[[float], Awaitable[None]]
) -> int:
    """Send the rest of an interrupted bulk, or drop the offer of it."""
    more, wrong = pairs(request.settings)
    if wrong:
        say("; ".join(wrong))
        return UNUSABLE
    with core_loop(core) as loop:
        rest, number = loop.run(find_rest(core, clock, request.rest or request.drop_rest))
        if rest is None:
            return 128 + number
        if request.drop_rest and not isinstance(rest, Refusal):
            failure, _ = loop.run(drop(core, clock, rest))
            say(failure or f"{rest.sentence}; it is not offered again")
            return UNUSABLE if failure else HEALTHY
        chosen = rest if isinstance(rest, Refusal) else chosen_rest(rest, more)
        if isinstance(chosen, Refusal):
            say(chosen.sentence)
            return UNUSABLE
        own = replace(request, targets=chosen.targets)
        return _Run(own, chosen.operation, (), core, loop, clock, sleep, chosen).run()


class _Run:
    def __init__(
        self,
        request: RunRequest,
        operation: Operation,
        args: Given,
        core: Core,
        loop: OwnLoop,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        rest: ChosenRest | None = None,
    ) -> None:
        self._request, self._operation = request, operation
        self._parts = rest.parts if rest else ((request.targets, args),)
        self._core, self._facts, self._loop = core, core.facts, loop
        self._clock, self._sleep = clock, sleep
        self._secret: Sequence[str] = ()
        """Options given in clear that may be secrets."""
        self._resumes = rest.rest.plan if rest else None
        self._unchanged: Sequence[RunResult] = ()
        self._unwritten: OSError | None = None

    def run(self) -> int:
        if self._request.first_run_s is not None and self._operation.id not in _RUNS_FOLLOW:
            text = f"nothing was sent: --wait run is for {' and '.join(_RUNS_FOLLOW)}"
            return self._nothing_sent(text, UNUSABLE, self._bare())
        refusal = self._core.guard.refusal(self._operation)
        if refusal is not None:
            refused = Result.REFUSED
            text = f"nothing was sent: {refusal}"
            return self._nothing_sent(text, UNUSABLE, self._bare(), result=refused)
        failure, number = self._loop.run(read_lists(self._core, self._operation))
        if number:
            return 128 + number
        if failure is not None:
            text = ". ".join(filter(None, (failure.sentence, failure.next_step)))
            return self._nothing_sent(f"nothing was sent: {text}", code_of(failure), self._bare())
        now = server_now(self._core.service, System.JTL, self._clock)
        sources = ValueSources(read_stdin, pipes=True)
        core, operation = self._core, self._operation
        found = joined(plan(core, operation, *part, now, sources) for part in self._parts)
        self._secret = sources.in_clear
        for warning in visible_secrets(self._args, sources.in_clear):
            say(warning)
        self._unchanged = found.unchanged
        if found.failed:
            return self._not_planned(found.planned, found.failed)
        for one in found.unchanged:
            self._tell(one)
        return self._review(found.planned) if found.planned else self._send(())

    # Before anything is sent.

    @property
    def _args(self) -> Given:
        """As given; those of several parts differ only in what no plan keeps, their key files."""
        return self._parts[0][1]

    def _bare(self) -> list[RunResult]:
        return [RunResult(word) for word in self._request.targets]

    def _not_planned(self, planned: Sequence[PlannedTarget], failed: Sequence[RunResult]) -> int:
        for one in failed:
            # A key file may have many invalid lines: each is printed on its own line.
            text = one.problems if len(one.problems) > _MOST_ON_A_LINE else (one.sentence,)
            for sentence in text:
                say(sentence if one.target in sentence else f"{one.target}: {sentence}")
        rest = [one.result for one in planned]
        code = worst(one.code for one in failed)
        return self._nothing_sent("nothing was sent", code, [*failed, *rest], keep=True)

    def _review(self, planned: Sequence[PlannedTarget]) -> int:
        planned, troubles = heeded_in(self._core, planned, self._clock())
        for trouble in troubles:
            say(trouble)
        for one in planned:
            if one.follows:
                print(line(f"and {one.result.target}"), file=self._stage, flush=True)
                continue
            text = review(
                one.proposal, one.result.id or "", one.preview, self._facts, screen_width(self._stage)
            )
            print(text, file=self._stage, flush=True)
        results = [one.result for one in planned]
        if self._request.dry_run:
            return self._nothing_sent("nothing was sent: this is a dry run", HEALTHY, results)
        obstacle = self._last_step(planned)
        if obstacle is not None:
            return self._nothing_sent(obstacle, UNUSABLE, results)
        return self._send(planned)

    @property
    def _stage(self) -> TextIO:
        """Where the review and the question go: with `--json`, stdout holds only the document."""
        return sys.stderr if self._request.as_json else sys.stdout

    def _last_step(self, planned: Sequence[PlannedTarget]) -> str | None:
        """Ask for confirmation; why it was not given, or None."""
        proposals = [one.proposal for one in planned]
        gravest = grade_of(proposals, self._facts.environment)
        if self._request.yes:
            return yes_falls_short(gravest, self._facts, self._request.profile)
        if not (sys.stdin.isatty() and self._stage.isatty()):
            return needs_yes(gravest, self._facts)
        # The review may have scrolled away: the question repeats what it is about.
        noun = "calls" if any(one.follows for one in planned) else "targets"
        whom = planned[0].proposal.target if len(planned) == 1 else f"{len(planned)} {noun}"
        where = f"{self._facts.name} · {self._facts.environment.value}"
        print(line(f"{self._operation.title} · {whom} · {where}"), file=self._stage)
        return None if asked(gravest, self._facts, sys.stdin, self._stage) else DECLINED

    def _nothing_sent(
        self,
        sentence: str,
        code: int,
        results: Sequence[RunResult],
        *,
        result: Result | None = None,
        keep: bool = False,
    ) -> int:
        """Report why; `keep` leaves the sentences of the results unchanged."""
        say(sentence)
        if not keep:
            results = [replace(one, sentence=sentence, result=result or one.result) for one in results]
        self._write_document(results)
        return code

    # Sending.

    def _send(self, planned: Sequence[PlannedTarget]) -> int:
        kept = self._resumes.files_left if self._resumes else ()
        rests = RunRests(planned, self._clock(), dict(kept))
        record = self._plan_record(planned, rests)
        overtaken, number = self._loop.run(record.take_up()) if record else ("", 0)
        if number:
            return 128 + number
        hindrance = overtaken or rests.begin([one.result for one in planned])
        if hindrance:
            results = [one.result for one in planned]
            return self._nothing_sent(f"nothing was sent: {hindrance}", UNUSABLE, results)
        for sentence in rests.messages:
            say(sentence)
        sending = Sender(
            self._core,
            planned,
            self._tell,
            self._clock,
            self._sleep,
            rests.before,
            record,
            waits=not self._request.no_wait,
            first_run_s=self._request.first_run_s,
            waiting=self._say_waiting,
        )
        _, number = self._loop.run(sending.send())
        if number:
            for one in sending.give_up():
                self._tell(one)
        for one in sending.results:
            if one.unrecorded:
                say(f"{one.target}: not recorded in the audit trail: {one.unrecorded}")
        for sentence in rests.end(sending.results):
            say(sentence)
        if record is not None and not number:
            left = any(one.result in _NOT_TRIED for one in sending.results)
            self._loop.run(record.end(is_cut_short=left, keys_left=rests.keys_left(sending.results)))
        self._write_document(sending.results)
        if self._unwritten is not None:
            raise self._unwritten
        return 128 + number if number else worst(one.code for one in sending.results)

    def _say_waiting(self) -> None:
        """Say what takes so long: a person sees nothing else until the first run has ended."""
        limit_s = self._request.first_run_s
        if limit_s is not None and sys.stderr and sys.stderr.isatty():
            say(f"waiting at most {short(limit_s)} for the effect and for the first run to end")

    def _plan_record(self, planned: Sequence[PlannedTarget], rests: RunRests) -> PlanRecord | None:
        if len(planned) < 2 and self._resumes is None:
            return None
        proposals = [one.proposal for one in planned]
        return PlanRecord(
            self._core.trail,
            self._facts,
            proposals,
            self._args,
            self._clock,
            secret=self._secret,
            resumes=self._resumes.id if self._resumes else "",
            rest_files=lambda: rests.paths,
        )

    def _tell(self, result: RunResult) -> None:
        """Print the result and its details; a failing output must not stop requests under way."""
        if self._request.as_json:
            return
        try:
            print(as_lines(result), flush=True)
        except OSError as failure:
            self._unwritten = failure

    def _write_document(self, results: Sequence[RunResult]) -> None:
        if self._request.as_json:
            everyone = [*self._unchanged, *results]
            print(as_json(self._facts.name, self._operation.id, everyone), flush=True)
