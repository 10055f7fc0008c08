"""What `run` would send: the lists are read once, then every target is planned before any is sent."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from tui.api.errors import ErpError
from tui.api.service import RequestPreview
from tui.api.urgent import for_a_write
from tui.core import Core
from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.coverage import Covered
from tui.domain.superoffice.resync_keys import span
from tui.domain.text import cited
from tui.frozen import frozen
from tui.headless.exit_codes import UNUSABLE, gravest
from tui.headless.run.results import UNCHANGED, RunResult, code_of
from tui.ops.maintenance.against import heeded
from tui.ops.maintenance.covered import covered_in
from tui.ops.operations.kinds import writing_kind
from tui.ops.operations.operation import Operation
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import keys_of
from tui.ops.refusal import Refusal
from tui.ops.targets.lookup import find_target, folded_name
from tui.ops.targets.operand import Target, identifier, name_of
from tui.ops.text_commands.parameter_values import Wrong
from tui.ops.text_commands.proposal_from_text import Unchanged, propose_calls
from tui.ops.text_commands.setting import Given
from tui.ops.text_commands.value_sources import ValueSources
from tui.store.snapshot import Topic


@frozen
class PlannedTarget:
    proposal: Proposal
    preview: RequestPreview
    result: RunResult
    follows: bool = False
    """Whether it is a further call of the same request: it is sent only if all calls before it
    succeeded."""


@frozen
class Plan:
    """The state of every target before anything is sent."""

    planned: tuple[PlannedTarget, ...]
    unchanged: tuple[RunResult, ...]
    """Targets that already have all requested values: nothing is sent, and that is a success."""
    failed: tuple[RunResult, ...]
    """Targets that cannot be planned."""


async def read_lists(core: Core, operation: Operation) -> ErpError | None:
    """Fill the store with the lists that the operation's targets are in; returns the worst failure, if
    any."""
    topics = [topic for topic in Topic if topic in writing_kind(operation).topics]
    with for_a_write():
        failures = await asyncio.gather(*map(core.poller.read_once, topics))
    return gravest(failure for failure in failures if failure is not None)


def heeded_in(
    core: Core, planned: Sequence[PlannedTarget], now: datetime
) -> tuple[tuple[PlannedTarget, ...], tuple[str, ...]]:
    """The plan, with the warnings of open maintenances; and why journals cannot be read."""
    covered = Covered() if core.maintenances is None else covered_in(core.maintenances, core.facts)
    heeds = (replace(one, proposal=heeded(one.proposal, covered, now)) for one in planned)
    return tuple(heeds), covered.troubles


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
    unchanged: list[RunResult] = []
    failed: list[RunResult] = []
    seen: dict[str, str] = {}
    kinds: set[str] = set()
    for word in words:
        target = find_target(operation, word, core.store)
        if isinstance(target, Refusal):
            failed.append(RunResult(word, sentence=target.sentence, code=UNUSABLE))
            continue
        found = RunResult(name_of(target), identifier(target))
        problem = _again(word, target, seen) or _options_shared(target, args, kinds)
        if problem is not None:
            failed.append(replace(found, sentence=problem, code=UNUSABLE))
            continue
        calls = _plan(core, operation, target, args, now, sources)
        if not isinstance(calls, RunResult):
            planned.extend(calls)
        elif calls.result is UNCHANGED:
            unchanged.append(calls)
        else:
            failed.append(calls)
    return Plan(tuple(planned), tuple(unchanged), tuple(failed))


def joined(plans: Iterable[Plan]) -> Plan:
    """The plans of several parts as one, in their order."""
    each = tuple(plans)
    return Plan(
        tuple(one for plan in each for one in plan.planned),
        tuple(one for plan in each for one in plan.unchanged),
        tuple(one for plan in each for one in plan.failed),
    )


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
) -> tuple[PlannedTarget, ...] | RunResult:
    result = RunResult(name_of(target), identifier(target))
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


def _called(result: RunResult, proposals: Sequence[Proposal], place: int) -> str:
    if len(proposals) == 1:
        return result.target
    keys = keys_of(proposals[place])
    return f"{result.target} · call {place + 1} of {len(proposals)}, {len(keys)} keys {span(keys)}"
