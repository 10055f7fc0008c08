"""Opening the forced resync form, and showing its answer; a resync that goes on is shown instead."""

from functools import partial

from tui.domain.resync import PluginAnswer
from tui.ops.guard import Outcome
from tui.ops.proposal import Proposal
from tui.store.snapshot import Topic
from tui.ui.forms.resync import ResyncForm
from tui.ui.modals.answer import AnswerDialog
from tui.ui.modals.resync_flow import review_in_turn, show_resync
from tui.ui.screens.deck import DeckScreen


def open_resync(screen: DeckScreen, chosen: int | None) -> None:
    """Open the form; `chosen` is the connection that was under the cursor, if any."""
    core, app, desk = screen.desk.core, screen.deck_app, screen.desk
    if core is None:
        return
    if desk.resync is not None:
        show_resync(app, desk, desk.resync)
        return
    snapshot = core.store.snapshot(Topic.CONNECTIONS)

    def in_turn(form: ResyncForm, calls: tuple[Proposal, ...]) -> None:
        review_in_turn(app, desk, calls, form.begun)

    form = ResyncForm(desk, snapshot.data, chosen, snapshot, in_turn, partial(open_linked, screen))
    app.push_screen(form, partial(answered, screen))


def open_linked(screen: DeckScreen) -> None:
    """Ask whether a company or person is linked."""
    from tui.ui.modals.linked import LinkedDialog

    screen.app.push_screen(LinkedDialog(screen.desk))


def open_batch_tasks(screen: DeckScreen) -> None:
    """Show the tenant's batch tasks."""
    from tui.ui.modals.batch_tasks import BatchTasksDialog

    screen.app.push_screen(BatchTasksDialog(screen.desk))


def answered(screen: DeckScreen, outcome: Outcome | None) -> None:
    """Show what a resync brought back: its answer, or the batch tasks since."""
    if outcome is None:
        return
    if isinstance(outcome.result, PluginAnswer):
        screen.app.push_screen(AnswerDialog(outcome.result))
    elif outcome.kind.is_success:
        open_batch_tasks(screen)
