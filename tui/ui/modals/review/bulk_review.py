"""The review of one operation on many targets: before → after for each, what is left out and why.

The targets are the ones that were marked at the key press. Whatever changes meanwhile is shown with its
new values, and has to be confirmed again; among many targets not where a run began or ended.
"""

from collections.abc import Iterator
from dataclasses import replace

from tui.domain.baseline import drift
from tui.domain.text import one_line
from tui.ops.execution.bulk_run import BulkRun
from tui.ops.operations.kinds import kind_of
from tui.ops.operations.operation import MOST_TARGETS
from tui.ops.proposals.bulk import BulkPlan, LeftOut, Replan, named
from tui.ops.proposals.grading import grade_of
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.session.session import Session
from tui.ui.modals.review.confirmation import STRONGER, LastStepDialog, before_after
from tui.ui.widgets.fact_list import Fact


class BulkReviewDialog(LastStepDialog[BulkRun | None]):
    """Shows a bulk plan and starts it once confirmed; None: nothing was sent."""

    def __init__(self, session: Session, plan: BulkPlan, replan: Replan) -> None:
        self._plan = plan = _heeded_in(session, plan)
        super().__init__(plan.title, session, grade_of(plan.proposals, session.facts.environment))
        self._rests_on = plan.proposals[0].rests_on
        """The latest reading of the shown values."""
        self._keys = plan.keys
        self._left_out_first = plan.left_out
        self._replan = replan

    def facts(self) -> tuple[Fact, ...]:
        """Consequences and warnings first, then the targets, those left out, and a request."""
        facts, plan = self._session.facts, self._plan
        lines: list[Fact] = [("Profile", f"{facts.name} · {facts.environment.value}")]
        if self._rests_on is not None:
            lines.append(("Data", self._session.age_of(self._rests_on)))
        return (
            *lines,
            *_heeded(plan),
            ("", ""),
            *((one_line(one.target), _change_of(one)) for one in plan.proposals),
            *_left_out(plan.left_out),
            ("", ""),
            *self._requests(),
        )

    @property
    def is_summed(self) -> bool:
        return self._plan.in_turn or len(self._plan.proposals) > MOST_TARGETS

    @property
    def proposal(self) -> Proposal:
        return self._plan.proposals[0]

    def _requests(self) -> tuple[Fact, ...]:
        rest = len(self._plan.proposals) - 1
        more = [("", f"and {rest} more like it, each to its own target")] if rest else []
        return self.request_facts(*more)

    def follow(self) -> None:
        """Follow the data: a target that differs from what is shown has to be confirmed again."""
        if self._sent:
            return
        fresh = self._replan(self._keys)
        if isinstance(fresh, Refusal):
            self._unsendable = fresh.sentence
            self.trouble(fresh.sentence, "warning")
            self.refresh_bindings()
            return
        fresh = _heeded_in(self._session, fresh)
        self._rests_on = fresh.proposals[0].rests_on
        differing = tuple(_differing(self._plan, fresh))
        changed = tuple(name for name, is_course in differing if not (is_course and self.is_summed))
        is_graver = grade_of(fresh.proposals, self._session.facts.environment) > self.grade
        self._unsendable = STRONGER if is_graver else ""
        elsewhere = self.going_elsewhere()
        if changed:
            self._show_changed(fresh, changed)
        elif elsewhere:
            self.show_facts(self.facts(), again=True)
            self.heed(elsewhere)
        elif differing:
            self._plan = replace(fresh, left_out=self._plan.left_out)
            self.update_facts(self.facts())
        super().follow()

    def _show_changed(self, fresh: BulkPlan, changed: tuple[str, ...]) -> None:
        left_out = (*self._left_out_first, *fresh.left_out)
        self._plan = replace(fresh, left_out=left_out)
        self.show_facts(self.facts(), again=True)
        self.rename(fresh.title)
        changes = f"changed meanwhile, shown with its current values: {', '.join(named(changed))}"
        self.heed(f"{changes}. Check and confirm again")

    def halted(self) -> str:
        """Why nothing can be sent now, also where the requests would go elsewhere; the next update shows
        it."""
        return super().halted() or self.going_elsewhere()

    def send(self) -> None:
        """Start it, each to the address that was shown; the progress dialog shows the results."""
        waves = tuple(tuple(map(self._bound, wave)) for wave in self._plan.waves)
        self.dismiss(self._session.perform_all(replace(self._plan, waves=waves)))

    def _bound(self, proposal: Proposal) -> Proposal:
        return replace(proposal, reviewed=self._session.preview(proposal).line)


def _heeded_in(session: Session, plan: BulkPlan) -> BulkPlan:
    """The plan, with the warnings of open maintenances."""
    heeded = session.maintenance.heeded
    return replace(plan, waves=tuple(tuple(map(heeded, wave)) for wave in plan.waves))


def _change_of(proposal: Proposal) -> str:
    """Before → after, on one line; the field is named where it is not the state."""
    return " · ".join(
        ("" if change.field in ("State", "Status") else f"{change.field} ") + before_after(change)
        for change in proposal.changes
    )


def _left_out(left_out: tuple[LeftOut, ...]) -> Iterator[Fact]:
    if left_out:
        yield "", ""
        yield f"Left out: {len(left_out)}", ""
        yield from ((one_line(one.target), one.reason) for one in left_out)


def _heeded(plan: BulkPlan) -> Iterator[Fact]:
    """The consequence of all, then the warnings about some, with their names."""
    common = plan.operation.consequence
    yield "Consequence", common
    yield from (("", note) for note in plan.notes)
    of_some: dict[tuple[str, str], list[str]] = {}
    for one in plan.proposals:
        for text in one.consequences:
            of_some.setdefault(("", text.removeprefix(common).strip()), []).append(one.target)
        for text in one.warnings:
            of_some.setdefault(("Warning", text), []).append(one.target)
    for (label, text), names in of_some.items():
        if text and len(names) == len(plan.proposals):
            yield label, text
        elif text:
            yield label, f"{text} ({', '.join(map(one_line, named(names)))})"


def _differing(shown: BulkPlan, fresh: BulkPlan) -> Iterator[tuple[str, bool]]:
    """The name of each target that differs from what is shown, of a renamed one both; and whether it
    differs only in what happens by itself.
    """
    now = dict(zip(fresh.keys, fresh.proposals, strict=True))
    for key, one in zip(shown.keys, shown.proposals, strict=True):
        other = now.get(key)
        if other is None:
            yield one.target, False
        elif one.maintenance != other.maintenance or drift(one.baseline, other.baseline):
            is_same = (one.target, one.maintenance) == (other.target, other.maintenance)
            name = one.target if one.target == other.target else f"{one.target} → {other.target}"
            yield name, is_same and kind_of(other.write).is_course(one, other)
