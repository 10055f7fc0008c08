"""Opening the forced resync form, and showing its response; a running resync is shown instead, and keys
that an earlier one never sent are offered first."""

from functools import partial

from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.ops.execution.outcome import Outcome
from tui.store.snapshot import Topic
from tui.ui.forms.resync import ResyncForm
from tui.ui.modals.details.linked_records import LinkedDialog
from tui.ui.modals.details.plugin_response import AnswerDialog
from tui.ui.modals.review.resync_flow import show_resync
from tui.ui.modals.unsent_rest import RestChoice, UnsentRestDialog, has_keys, review_keys
from tui.ui.screens.tab_screen import TabScreen


def open_resync(screen: TabScreen, chosen: int | None) -> None:
    """Open the form; `chosen` is the connection that was under the cursor, if any."""
    app, session = screen.host, screen.session
    if session.resync is not None:
        show_resync(app, session, session.resync)
    elif rest := next(filter(has_keys, session.bulks.unsent()), None):
        dialog = UnsentRestDialog(session, rest)
        app.push_screen(dialog, partial(_rest_chosen, screen, dialog, chosen))
    else:
        _open_form(screen, chosen)


def _rest_chosen(
    screen: TabScreen, dialog: UnsentRestDialog, chosen: int | None, choice: RestChoice | None
) -> None:
    if choice is RestChoice.REVIEW:
        review_keys(screen, dialog.rest)
        return
    if choice is RestChoice.DECLINE:
        screen.run_worker(screen.session.bulks.decline(dialog.rest.plan), group="rest")
    _open_form(screen, chosen)


def _open_form(screen: TabScreen, chosen: int | None) -> None:
    app, session = screen.host, screen.session
    snapshot = session.store.snapshot(Topic.CONNECTIONS)
    form = ResyncForm(session, snapshot.data, chosen, snapshot)
    app.push_screen(form, partial(answered, screen))


def open_linked(screen: TabScreen) -> None:
    screen.app.push_screen(LinkedDialog(screen.session))


def open_batch_tasks(screen: TabScreen) -> None:
    from tui.ui.modals.details.batch_tasks import BatchTasksDialog

    screen.app.push_screen(BatchTasksDialog(screen.session))


def answered(screen: TabScreen, outcome: Outcome | None) -> None:
    """Show the result of a resync: its response, or the batch tasks since."""
    if outcome is None:
        return
    if isinstance(outcome.result, PluginAnswer):
        screen.app.push_screen(AnswerDialog(outcome.result))
    elif outcome.kind.is_success:
        open_batch_tasks(screen)
