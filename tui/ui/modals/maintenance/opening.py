"""From `M` to the result: what is open, the form, the reviews and the progress."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from tui.domain.maintenance.coverage import Covered
from tui.domain.maintenance.records import Maintenance, NotedTarget
from tui.domain.maintenance.set_words import wrong_with
from tui.domain.text import cited
from tui.ops.maintenance.hindrances import busy, changed_since
from tui.ops.maintenance.planning import ClosingPlan, OpeningPlan
from tui.ops.maintenance.states import states_in
from tui.ops.operations.registry import OPERATIONS
from tui.ops.refusal import Refusal
from tui.session.maintenance.run import MaintenanceRun
from tui.session.session_view import NOT_CONNECTED
from tui.ui.modals.maintenance.closing_review import ClosingReviewDialog
from tui.ui.modals.maintenance.forget_review import ForgetReviewDialog
from tui.ui.modals.maintenance.offer import MaintenanceOfferDialog, OfferChoice
from tui.ui.modals.maintenance.open_list import MaintenancesDialog, Next
from tui.ui.modals.maintenance.opening_form import MaintenanceForm
from tui.ui.modals.maintenance.opening_review import GoingOnReviewDialog
from tui.ui.modals.maintenance.plan_review import Plan, PlanAgain, PlanReviewDialog
from tui.ui.modals.maintenance.progress import MaintenanceProgressDialog
from tui.ui.modals.maintenance.sources import Keys, Source, marked_in, sources_of
from tui.ui.modals.maintenance.target_lines import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tui.session.selection import Selection
    from tui.session.session import Session
    from tui.ui.host import AppHost, ScreenHost

Review: TypeAlias = "Callable[[Session, Maintenance, Plan, PlanAgain[Plan]], PlanReviewDialog[Any]]"
_STOPS = ("worker.stop", "engine.stop")
_NO_TARGET = (
    "nothing to stop here: mark rows in Workers (1) or Connections (4), or define a set in"
    " [profiles.{profile}.sets] of the config"
)


def open_maintenance(app: "AppHost", screen: "ScreenHost", words: "Sequence[str]" = ()) -> str:
    """Show what is open, or the form where nothing is or what is marked belongs to none; why neither,
    or empty. `words`: filters to open the form with."""
    session, selection = screen.session, screen.selection()
    if session.core is None:
        return session.failure or NOT_CONNECTED
    if session.core.maintenances is None:
        return "no maintenance can be opened here: nothing is kept"
    if words:
        return _open_for_words(app, screen, words)
    marked = marked_in(app, screen, selection)
    if not session.maintenance.open_ones or _has_uncovered(session, marked):
        return _open_form(app, screen, selection, marked)
    _show_open(app, screen, selection, marked)
    return ""


def _has_uncovered(session: "Session", marked: Keys) -> bool:
    """Whether a marked row is listed and belongs to no open maintenance."""
    covered, states = Covered(session.maintenance.open_ones), states_in(session.store)
    listed = [one for one in marked if states.of(NotedTarget(one[1], "", one[0], "")) is not None]
    return any(covered.of(*one) is None for one in listed)


def _show_open(app: "AppHost", screen: "ScreenHost", selection: "Selection", marked: Keys) -> None:
    session, dialog = screen.session, MaintenancesDialog(screen.session)

    def chosen(_: None) -> None:
        choice, one, flow = dialog.choice, dialog.one, MaintenanceFlow(app, session)
        if choice is Next.FORGET and one is not None:
            flow.forget(one)
            return
        if choice is None:
            return
        is_new = choice is Next.NEW
        refusal = _open_form(app, screen, selection, marked) if is_new else _refusal(session)
        if refusal:
            app.tell(refusal, "warning")
        elif one is not None and not is_new:
            (flow.close if choice is Next.CLOSE else flow.go_on)(one)

    app.push_screen(dialog, chosen)


def _refusal(session: "Session") -> str:
    """Why the profile allows no stop at all, or empty."""
    stops = [OPERATIONS[name] for name in _STOPS]
    own = (session.refusal(one) for one in stops if one.scope.system in session.facts.systems)
    return next(own, "") or ""


def _open_form(app: "AppHost", screen: "ScreenHost", selection: "Selection", marked: Keys) -> str:
    sources, refusal = sources_of(screen, selection, marked), _refusal(screen.session)
    if refusal:
        return refusal
    if not sources:
        return _NO_TARGET.format(profile=screen.session.facts.name)
    _push_form(app, screen.session, sources)
    return ""


def _open_for_words(app: "AppHost", screen: "ScreenHost", words: "Sequence[str]") -> str:
    wrong = (f"{cited(word)}: {why}" for word in words if (why := wrong_with(word)))
    refusal = next(wrong, "") or _refusal(screen.session)
    if refusal:
        return refusal
    plan = partial(screen.session.maintenance.plan_words, words)
    _push_form(app, screen.session, (Source(" ".join(words), plan),))
    return ""


def _push_form(app: "AppHost", session: "Session", sources: "Sequence[Source]") -> None:
    def begun(run: MaintenanceRun) -> None:
        # From here on the journal holds them.
        for one in app.tab_screens.values():
            one.clear_marks()
        MaintenanceFlow(app, session).show(run)

    app.push_screen(MaintenanceForm(session, sources, begun))


def offer_interrupted(app: "AppHost", session: "Session") -> None:
    """Offer to go on with the oldest that was interrupted, or to close it."""
    one, flow = session.maintenance.interrupted[0], MaintenanceFlow(app, session)

    def chosen(choice: OfferChoice | None) -> None:
        if choice is not None:
            {OfferChoice.GO_ON: flow.go_on, OfferChoice.CLOSE: flow.close}[choice](one)

    app.push_screen(MaintenanceOfferDialog(session, one), chosen)


class MaintenanceFlow:
    """What follows a choice; each step is a dialog on top of the one before."""

    def __init__(self, app: "AppHost", session: "Session") -> None:
        self._app, self._view, self._session = app, session.maintenance, session

    def show(self, run: MaintenanceRun | None) -> None:
        if run is None:
            return
        dialog = MaintenanceProgressDialog(run)

        def left(_: None) -> None:
            screen = self._app.tab_screen
            if dialog.is_to_go_on and screen is not None and self._app.session is self._session:
                _show_open(self._app, screen, screen.selection(), ())

        self._app.push_screen(dialog, left)

    def close(self, one: Maintenance) -> None:
        async def again() -> ClosingPlan | Refusal:
            plan = await self._view.plan_closing(one)
            return plan if isinstance(plan, Refusal) else _in_the_way(plan.maintenance) or plan

        self._plan(one, again, ClosingReviewDialog)

    def go_on(self, one: Maintenance) -> None:
        """Review the rest of an opening that was interrupted."""
        self._plan(one, self._rest_of(one), GoingOnReviewDialog)

    def forget(self, one: Maintenance) -> None:
        """Review what stays off, then delete its journal: nothing is sent, so no lock is in the way."""

        def done(said: str | None) -> None:
            if said is not None:
                self._app.tell(said, "warning")

        self._app.push_screen(ForgetReviewDialog(self._session, one), done)

    def _rest_of(self, one: Maintenance) -> PlanAgain[OpeningPlan]:
        rest = [(target.kind, target.id) for target in one.not_stopped]
        sent = {target.id for target in one.not_stopped if target.was_stopped}

        async def again() -> OpeningPlan | Refusal:
            known = self._view.open_ones
            refusal = _changed(one, next((each for each in known if each.id == one.id), None))
            plan = refusal or await self._view.plan_marked(rest)
            if isinstance(plan, Refusal):
                return plan
            targets = (_in_doubt(target, sent) for target in plan.targets)
            return replace(plan, name=one.name, targets=tuple(targets))

        return again

    def _plan(self, one: Maintenance, again: PlanAgain[Plan], dialog: "Review[Plan]") -> None:
        self._app.tell("reading the targets…", "busy")
        work = self._review(one, again, dialog)
        self._app.run_worker(work, group="maintenance plan", exclusive=True)

    async def _review(self, one: Maintenance, again: PlanAgain[Plan], dialog: "Review[Plan]") -> None:
        plan = await again()
        if self._app.session is not self._session:
            return
        if isinstance(plan, Refusal):
            self._app.tell(whole(plan), "warning")
            return
        self._app.tell("", "plain")
        self._app.push_screen(dialog(self._session, one, plan, again), self.show)


def _in_the_way(one: Maintenance) -> Refusal | None:
    """Why it cannot be closed from here now: somebody else is faster."""
    if one.closed_at is not None:
        return Refusal(f"{one.name} was closed {one.closed_at:%Y-%m-%d %H:%M} UTC", "No action needed")
    return busy(one)


def _changed(reviewed: Maintenance, now: Maintenance | None) -> Refusal | None:
    """Why the opening cannot be gone on with as it was reviewed."""
    if now is None:
        return Refusal(f"{reviewed.name} is not open any more", "No action needed")
    return busy(now) or changed_since(reviewed.targets, now)


def _in_doubt(target: NotedTarget, sent: "Collection[str]") -> NotedTarget:
    """Of what is off by now, our stop may be the reason."""
    if target.left and target.id in sent:
        return replace(
            target, left="off by now; our stop was sent, the audit trail says what became of it"
        )
    return target
