"""The review of one operation on many targets: every one before → after, what is left out and why.

The targets are the ones that were marked at the key press. What changes meanwhile is shown as it is
then, and wants a key of its own.
"""

from collections.abc import Iterator
from dataclasses import replace

from tui.api.errors import ErpError
from tui.domain.basis import drift
from tui.domain.text import one_line
from tui.ops.bulk import BulkRun
from tui.ops.bulk_plan import BulkPlan, LeftOut, Replan, named
from tui.ops.proposal import Proposal
from tui.ui.desk import Desk
from tui.ui.modals.last_step import LastStepDialog
from tui.ui.modals.review import going_elsewhere_now, request_facts
from tui.ui.widgets.facts import Fact


class BulkReviewDialog(LastStepDialog[BulkRun | None]):
    """Shows a bulk plan and starts it on the last step of its grade; None: nothing was sent."""

    def __init__(self, desk: Desk, plan: BulkPlan, replan: Replan) -> None:
        super().__init__(plan.title, desk, plan.grade(desk.facts.environment))
        self._plan = plan
        self._keys = plan.keys
        self._left_out_first = plan.left_out
        self._replan = replan
        self._reviewed = ""
        """Method and address of the first request as it was shown last."""

    def facts(self) -> tuple[Fact, ...]:
        """Consequences and warnings before the targets, however many; what is left out, a request."""
        facts, plan = self._desk.facts, self._plan
        lines: list[Fact] = [("Profile", f"{facts.name} · {facts.environment.value}")]
        rests_on = plan.proposals[0].rests_on
        if rests_on is not None:
            lines.append(("Data", self._desk.age_of(rests_on)))
        return (
            *lines,
            *_heeded(plan),
            ("", ""),
            *((one_line(one.target), _change_of(one)) for one in plan.proposals),
            *_left_out(plan.left_out),
            ("", ""),
            *self._requests(),
        )

    def _requests(self) -> tuple[Fact, ...]:
        first, *rest = self._plan.proposals
        try:
            request = request_facts(self._desk, first)
            self._reviewed = self._desk.preview(first).line
        except ErpError as error:
            self._unsendable = f"{error.sentence}: {error.next_step}"
            return (("Request", self._unsendable),)
        more = f"and {len(rest)} more like it, each to its own target" if rest else ""
        return (*request, *([("", more)] if more else []))

    def follow(self) -> None:
        """Follow the data: a target that is no longer what is shown wants to be confirmed anew."""
        if self._sent:
            return
        fresh = self._replan(self._keys)
        if isinstance(fresh, str):
            self._unsendable = fresh
            self.trouble(fresh, "warning")
            self.refresh_bindings()
            return
        changed = _changed(self._plan, fresh)
        self._unsendable = self._too_grave(fresh)
        elsewhere = going_elsewhere_now(self._desk, self._plan.proposals[0], self._reviewed)
        if changed:
            self._show_anew(fresh, changed)
        elif elsewhere:
            self.show_facts(self.facts(), anew=True)
            self.heed(elsewhere)
        super().follow()

    def _too_grave(self, fresh: BulkPlan) -> str:
        """The last step that is offered must be one of the plan's grade."""
        if fresh.grade(self._desk.facts.environment) <= self.grade:
            return ""
        return "it has become graver than what was begun: leave, and begin anew"

    def _show_anew(self, fresh: BulkPlan, changed: tuple[str, ...]) -> None:
        left_out = (*self._left_out_first, *fresh.left_out)
        self._plan = replace(fresh, left_out=left_out)
        self.show_facts(self.facts(), anew=True)
        self.rename(fresh.title)
        told = f"changed meanwhile, shown as it is now: {', '.join(named(changed))}"
        self.heed(f"{told}. Look, then confirm it anew")

    def halted(self) -> str:
        """Also where the requests would go elsewhere: the next look shows it."""
        return super().halted() or going_elsewhere_now(
            self._desk, self._plan.proposals[0], self._reviewed
        )

    def send(self) -> None:
        """Start it, each to where the first was shown to go; what becomes of it is shown elsewhere."""
        waves = tuple(tuple(map(self._bound, wave)) for wave in self._plan.waves)
        self.dismiss(self._desk.perform_all(replace(self._plan, waves=waves)))

    def _bound(self, proposal: Proposal) -> Proposal:
        return replace(proposal, reviewed=self._desk.preview(proposal).line)


def _change_of(proposal: Proposal) -> str:
    """Before → after, on one line; the field is named where it is not the state."""
    return " · ".join(
        ("" if change.field in ("State", "Status") else f"{change.field} ")
        + (f"{change.before} → " if change.before else "")
        + change.after
        for change in proposal.changes
    )


def _left_out(left_out: tuple[LeftOut, ...]) -> Iterator[Fact]:
    if left_out:
        yield "", ""
        yield f"Left out: {len(left_out)}", ""
        yield from ((one_line(one.target), one.reason) for one in left_out)


def _heeded(plan: BulkPlan) -> Iterator[Fact]:
    """The consequence of all, then what is particular about some, with their names."""
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


def _changed(shown: BulkPlan, fresh: BulkPlan) -> tuple[str, ...]:
    """The names of the targets that are no longer what is shown; of a renamed one both."""
    now = dict(zip(fresh.keys, fresh.proposals, strict=True))
    return tuple(
        one.target
        if key not in now or now[key].target == one.target
        else f"{one.target} → {now[key].target}"
        for key, one in zip(shown.keys, shown.proposals, strict=True)
        if key not in now or drift(one.basis, now[key].basis)
    )
