"""The review before a maintenance is forgotten: its journal is deleted, and nothing is started."""

import asyncio
from collections.abc import Iterator, Sequence

from tui.domain.maintenance.banner import is_known_on
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.text import counted, one_line
from tui.ops.maintenance.hindrances import changed_since
from tui.ops.operations.operation import Danger
from tui.ops.refusal import Refusal
from tui.paths import reason_of
from tui.session.session import Session
from tui.ui.host import app_of
from tui.ui.modals.maintenance.target_lines import whole
from tui.ui.modals.review.confirmation import STRONGER, LastStepDialog
from tui.ui.widgets.fact_list import Fact

_CONSEQUENCE = (
    "Deletes the journal. Nothing is started. Nobody knows any more what it stopped: it cannot be"
    " closed, no banner names it, and monitoring counts its targets again."
)
_NAMED = 3
"""Names in the message afterwards."""
_CHANGED = "changed meanwhile, shown as it is now. Check and confirm again"


class ForgetReviewDialog(LastStepDialog[str]):
    """The result says what was forgotten, and what stays off; None: nothing was."""

    def __init__(self, session: Session, one: Maintenance) -> None:
        self._one = one
        grade = Danger.DISRUPTIVE if one.off else Danger.REVERSIBLE
        super().__init__(f"Forget maintenance {one.name}", session, grade)

    def facts(self) -> tuple[Fact, ...]:
        one, facts = self._one, self._session.facts
        return (
            ("Profile", f"{facts.name} · {facts.environment.value}"),
            ("Reason", one_line(one.reason)),
            ("Opened", f"{one.opened_at:%Y-%m-%d %H:%M} UTC by {one_line(one.user) or '–'}"),
            ("Until", f"{one.until:%Y-%m-%d %H:%M} UTC"),
            ("Consequence", _CONSEQUENCE),
            *_groups(self._off(), one.in_doubt),
        )

    def _off(self) -> list[NotedTarget]:
        """What is really off, as far as is known."""
        seen = self._session.maintenance.seen_now
        return [one for one in self._one.off if not is_known_on(seen(one))]

    def follow(self) -> None:
        known = self._session.maintenance.open_ones
        now = next((one for one in known if one.id == self._one.id), None)
        if self._sent or now == self._one:
            super().follow()
            return
        if now is None:
            self._unsendable = f"{self._one.name} is not open any more. No action needed"
        else:
            self._one, is_graver = now, bool(now.off) and self.grade < Danger.DISRUPTIVE
            self._unsendable = STRONGER if is_graver else ""
        self.show_facts(self.facts(), again=True)
        self.heed(self._unsendable or _CHANGED)
        self.refresh_bindings()

    def send(self) -> None:
        app_of(self).run_worker(self._forgotten(), group="maintenance")

    async def _forgotten(self) -> None:
        found = await asyncio.to_thread(self._forget)
        if isinstance(found, Maintenance):
            self._session.maintenance.look()
            self.dismiss(_said(found, self._off()))
            return
        self.trouble(whole(found), "warning")
        self.confirm_again()

    def _forget(self) -> Maintenance | Refusal:
        """Delete the journal if it is as it was reviewed. Blocking."""
        core, one = self._session.core, self._one
        assert core is not None  # noqa: S101 - it lists what is open
        assert core.maintenances is not None  # noqa: S101
        try:
            found = core.maintenances.read().find(one.id)
            if isinstance(found, Refusal):
                return found
            return changed_since(one.targets, found) or core.maintenances.forget(
                one.id, self._session.clock()
            )
        except OSError as failure:
            return Refusal(f"the journal cannot be deleted: {reason_of(failure)}")


def _groups(off: Sequence[NotedTarget], in_doubt: Sequence[NotedTarget]) -> Iterator[Fact]:
    certain = [one for one in off if one not in in_doubt]
    headings = (
        ("Stays off until somebody starts it", certain),
        ("In doubt: may be off, or go off yet", in_doubt),
    )
    for heading, targets in headings:
        if targets:
            yield "", ""
            yield f"{heading}: {len(targets)}", ""
            yield from (("", one_line(one.name)) for one in targets)
    if not (certain or in_doubt):
        yield "", ""
        yield "", "Nothing is off by it."


def _said(one: Maintenance, off: Sequence[NotedTarget]) -> str:
    names = [one_line(each.name) for each in off[:_NAMED]]
    more = [f"{len(off) - _NAMED} more"] if len(off) > _NAMED else []
    stays = (
        f"; {counted(len(off), 'target')} stay{'s' * (len(off) == 1)} off: {', '.join(names + more)}"
        if off
        else ""
    )
    return f"forgotten: maintenance {one.name}{stays}"
