"""What `run` would send: the lists are read once, then every target is planned before any is sent."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tui.api.errors import ErpError
from tui.api.service import ErpService, RequestPreview
from tui.api.urgent import for_a_write
from tui.core import Core
from tui.domain.jtl.workers import Worker
from tui.domain.superoffice.resync_keys import span
from tui.domain.text import cited
from tui.headless.exit_codes import UNUSABLE, gravest
from tui.headless.fetch import Clock
from tui.headless.run.results import UNCHANGED, Result, code_of
from tui.ops.operations.operation import Operation
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import keys_of
from tui.ops.refusal import Refusal
from tui.ops.targets.lookup import Target, find_target, identifier, name_of, topics_of
from tui.ops.targets.name_matching import folded_name
from tui.ops.text_commands.parameter_values import Wrong
from tui.ops.text_commands.proposal_from_text import Unchanged, propose_calls
from tui.ops.text_commands.setting import Given
from tui.ops.text_commands.value_sources import ValueSources
from tui.store.snapshot import Topic
from tui.store.store import Store


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """A target that can be sent, and its result so far."""

    proposal: Proposal
    preview: RequestPreview
    result: Result
    follows: bool = False
    """Whether it is a further call of the same request: it is sent only if all calls before it
    succeeded.
    """


@dataclass(frozen=True, slots=True)
class Plan:
    """The state of every target before anything is sent."""

    planned: tuple[PlannedTarget, ...]
    unchanged: tuple[Result, ...]
    """Targets that already have all requested values: nothing is sent, and that is a success."""
    failed: tuple[Result, ...]
    """Targets that cannot be planned."""


async def read_lists(core: Core, operation: Operation, clock: Clock) -> ErpError | None:
    """Fill the store with the lists that the operation's targets are in; returns the worst failure, if
    any.
    """
    topics = topics_of(operation)
    with for_a_write():
        failures = await asyncio.gather(
            *(_read(core.service, core.store, topic, clock) for topic in topics)
        )
    return gravest(failure for failure in failures if failure is not None)


async def _read(service: ErpService, store: Store, topic: Topic, clock: Clock) -> ErpError | None:
    began = time.monotonic()
    try:
        data = await _asked(service, topic)
    except ErpError as failure:
        return failure
    store.succeed(topic, 1, data, at=clock(), took=time.monotonic() - began)
    return None


async def _asked(service: ErpService, topic: Topic) -> object:
    match topic:
        case Topic.WORKERS:
            return await service.jtl.workers()
        case Topic.STATUS:
            return await service.jtl.worker_status()
        case Topic.CONNECTIONS:
            return await service.superoffice.connections()
        case Topic.ENGINE:
            return await service.superoffice.engine_status()
        case Topic.EXTENSIONS:
            return tuple([one async for page in service.jtl.extensions() for one in page.items])
        case Topic.SYNC_LOG:
            return await service.superoffice.sync_log()


def plan(
    core: Core,
    operation: Operation,
    words: Sequence[str],
    args: Given,
    now: datetime,
    sources: ValueSources,
) -> Plan:
    """A plan for each word, and a result for those that have none."""
    planned: list[PlannedTarget] = []
    unchanged: list[Result] = []
    failed: list[Result] = []
    seen: dict[str, str] = {}
    kinds: set[str] = set()
    for word in words:
        target = find_target(operation, word, core.store)
        if isinstance(target, Refusal):
            failed.append(Result(word, sentence=target.sentence, code=UNUSABLE))
            continue
        found = Result(name_of(target), identifier(target))
        problem = _again(word, target, seen) or _options_shared(target, args, kinds)
        if problem is not None:
            failed.append(replace(found, sentence=problem, code=UNUSABLE))
            continue
        calls = _plan(core, operation, target, args, now, sources)
        if not isinstance(calls, Result):
            planned.extend(calls)
        elif calls.result is UNCHANGED:
            unchanged.append(calls)
        else:
            failed.append(calls)
    return Plan(tuple(planned), tuple(unchanged), tuple(failed))


def _again(word: str, target: Target, seen: dict[str, str]) -> str | None:
    """Why a target is not sent a second time; `seen`: the first word for each, by its identifier."""
    key = folded_name(identifier(target))
    if key not in seen:
        seen[key] = word
        return None
    first = seen[key]
    if first == word:
        return f"named twice: {cited(word)}; name it once"
    return f"named twice: {cited(first)} and {cited(word)} are the same target; name it once"


def _options_shared(target: Target, args: Given, kinds: set[str]) -> str | None:
    """Why options are set on only one sync of a kind: the second would find them changed."""
    if not isinstance(target, Worker) or target.sync is None:
        return None
    options = [name for name, _ in args if name.strip().casefold() != "interval"]
    if not options or target.sync.kind not in kinds:
        kinds.add(target.sync.kind)
        return None
    kind = target.sync.kind or "such"
    return f"options are shared by all {kind} syncs: set {options[0]} on one of them"


def _plan(
    core: Core,
    operation: Operation,
    target: Target,
    args: Given,
    now: datetime,
    sources: ValueSources,
) -> tuple[PlannedTarget, ...] | Result:
    result = Result(name_of(target), identifier(target))
    try:
        proposals = propose_calls(operation, target, args, core.store, now, sources=sources)
        if isinstance(proposals, Unchanged):
            return result.became(UNCHANGED, "it already has these values; nothing was sent", 0)
        previews = [core.guard.preview(proposal.write) for proposal in proposals]
    except Wrong as problem:
        text = "; ".join(problem.sentences)
        return replace(result, sentence=text, problems=problem.sentences, code=UNUSABLE)
    except ErpError as error:
        return replace(result, sentence=error.sentence, code=code_of(error))
    return tuple(
        PlannedTarget(
            replace(proposal, reviewed=preview.line),
            preview,
            replace(result, target=_called(result, proposals, place), request=preview),
            follows=place > 0,
        )
        for place, (proposal, preview) in enumerate(zip(proposals, previews, strict=True))
    )


def _called(result: Result, proposals: Sequence[Proposal], place: int) -> str:
    if len(proposals) == 1:
        return result.target
    keys = keys_of(proposals[place])
    return f"{result.target} · call {place + 1} of {len(proposals)}, {len(keys)} keys {span(keys)}"
