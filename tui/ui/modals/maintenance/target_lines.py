"""The targets of a maintenance as its form and reviews list them; of those left, the reason."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.domain.maintenance.records import NotedTarget
from tui.domain.maintenance.rules import Act, Decision
from tui.domain.text import one_line
from tui.ui.widgets.fact_list import Fact

if TYPE_CHECKING:
    from tui.ops.maintenance.planning import ClosingPlan, OpeningPlan
    from tui.ops.refusal import Refusal


def opening_lines(
    plan: "OpeningPlan", waits: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Fact]:
    """`waits`: what to do with those whose earlier stop may still arrive, by id."""
    started = {id_: why for id_, why in plan.waits.items() if id_ not in waits}
    stops = [one for one in plan.stopped if one.id not in {*waits, *started}]
    late = [(one_line(one.name), waits[one.id]) for one in plan.stopped if one.id in waits]
    off = [(one_line(one.name), started[one.id]) for one in plan.stopped if one.id in started]
    yield f"Stops: {len(stops)}", ""
    yield from ((one_line(one.name), f"{one_line(one.before)} → off") for one in stops)
    yield from _group("Not yet, the stop sent before may still arrive", late)
    yield from _group("Not yet, a start may take effect", off)
    if plan.left:
        yield "", ""
        yield f"Left as it is: {len(plan.left)}", ""
        yield from ((one_line(one.name), _left(one)) for one in plan.left)


def _left(one: NotedTarget) -> str:
    before = one_line(one.before)
    return one.left if before in one.left else f"{before}: {one.left}"


def closing_lines(plan: "ClosingPlan", also: Collection[str]) -> Iterator[Fact]:
    """`also`: ids of the doubtful ones that are started as well."""
    before = [one for one in plan.maintenance.targets if one.left]
    starts = [one for one in plan.decisions if is_started(one, also)]
    asked = [one for one in plan.of(Act.ASK) if one not in starts]
    yield f"Starts: {len(starts)}", ""
    yield from map(_decided, starts)
    for heading, decisions in (
        ("Not started, stays in the maintenance", plan.of(Act.TELL)),
        ("In doubt, not started", asked),
        ("Left as it is", plan.of(Act.LEAVE)),
    ):
        yield from _group(heading, [_decided(one) for one in decisions])
    yield from _group("Left since it was opened", [(one_line(one.name), _left(one)) for one in before])


def is_started(one: Decision, also: Collection[str]) -> bool:
    return one.act is Act.START or (one.act is Act.ASK and one.target.id in also)


def _group(heading: str, lines: Sequence[Fact]) -> Iterator[Fact]:
    if lines:
        yield "", ""
        yield f"{heading}: {len(lines)}", ""
        yield from lines


def _decided(one: Decision) -> Fact:
    words = ". ".join(filter(None, (one.sentence, one.step)))
    return one_line(one.target.name), one_line(words)


def whole(refusal: "Refusal") -> str:
    """Why it is refused, and the next step."""
    return ". ".join(filter(None, (refusal.sentence, refusal.next_step)))
