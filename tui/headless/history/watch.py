"""`syncdeck watch`: prints changes as they come, and runs a program for each."""

import asyncio
import json
from collections.abc import Callable, Collection, Sequence

from tui.core import Core
from tui.domain.health.rules import Level
from tui.domain.history.grouping import change_text
from tui.domain.history.records import Cause, Change, Subject
from tui.domain.runbooks import Runbook, runbooks_for
from tui.frozen import frozen
from tui.headless.event_loop import OwnLoop
from tui.headless.history.hook import Hook
from tui.headless.history.item import change_item
from tui.headless.history.subjects import UnknownTarget, meant
from tui.headless.output import masked_line, refuse


@frozen
class WatchRequest:
    target: tuple[str, ...] = ()
    problems: bool = False
    as_json: bool = False
    argv: tuple[str, ...] = ()
    """The program that runs for each change; empty: none."""


def run(request: WatchRequest, make: Callable[[], Core], hidden: Collection[str]) -> int:
    """Watch until a signal comes. `hidden`: variables that hold secrets.

    Raises tui.config.file.ConfigError: from `make`. OSError: the output cannot be written.
    """
    core = make()

    def runbooks(change: Change) -> Sequence[Runbook]:
        return runbooks_for(core.runbooks, core.facts.name, change.subject, change.after)

    watch = Watch(request, Hook(request.argv, hidden) if request.argv else None, runbooks)
    with OwnLoop() as loop:
        code, number = loop.run(_watch(core, watch))
    return 128 + number if number else code or 0


async def _watch(core: Core, watch: "Watch") -> int:
    history = core.history
    if history is None or history.recorder is None:
        return refuse("history is off: set enabled = true in [history]")
    history.recorder.on_change(watch.saw)
    try:
        history.start()
        core.poller.start()
        await watch.failed.wait()
    finally:
        if watch.hook is not None:
            await watch.hook.aclose()
        await core.aclose()
    raise watch.failure or OSError


class Watch:
    """Chooses, prints and hands on the changes."""

    def __init__(
        self,
        request: WatchRequest,
        hook: Hook | None,
        runbooks: Callable[[Change], Sequence[Runbook]] = lambda _: (),
    ) -> None:
        """`runbooks`: what the team wrote about the state after a change."""
        self._request, self.hook, self._runbooks = request, hook, runbooks
        self._known: dict[Subject, None] = {}
        self._wanted: frozenset[Subject] | None = None if not request.target else frozenset()
        self.failure: OSError | None = None
        self.failed = asyncio.Event()

    def saw(self, change: Change) -> None:
        """Called with every recorded change; never raises into the recorder."""
        self._known[change.subject] = None
        if not self._is_wanted(change):
            return
        try:
            runbooks = self._runbooks(change)
            more = {"runbooks": [one.item for one in runbooks]} if runbooks else {}
            text = json.dumps({**change_item(change), **more}, allow_nan=False)
            print(text if self._request.as_json else as_line(change, runbooks), flush=True)
        except OSError as error:
            self.failure = error
            self.failed.set()
            return
        if self.hook is not None:
            self.hook.put(text)

    def _is_wanted(self, change: Change) -> bool:
        if change.cause in (Cause.KEYFRAME, Cause.STATUS_MOVED):
            return False
        if self._wanted is not None and change.subject not in self._targets():
            return False
        return not self._request.problems or concerns_problem(change)

    def _targets(self) -> frozenset[Subject]:
        """Those that the words mean by now: a target may appear later."""
        found: set[Subject] = set()
        for word in self._request.target:
            try:
                found |= set(meant([word], self._known))
            except UnknownTarget:
                continue
        return frozenset(found)


def concerns_problem(change: Change) -> bool:
    """Whether it needs attention, or did before."""
    levels = (change.after.level, change.before.level if change.before else Level.OFF)
    return min(levels) <= Level.WARNING


def as_line(change: Change, runbooks: Sequence[Runbook] = ()) -> str:
    """`01:14:32  Temu · Temu DE  ok → error  401 from marketplace`; the time is UTC. At its end stands
    what the team wrote about it."""
    name = change.subject.name or change.subject.key
    team = (f"team: {one.line}" for one in runbooks)
    parts = (f"{change.at:%H:%M:%S}", name, change_text(change), change.after.text, *team)
    return "  ".join(filter(None, map(masked_line, parts)))
