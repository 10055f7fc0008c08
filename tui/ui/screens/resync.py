"""Opening the forced resync form, and showing its answer."""

from tui.domain.resync import PluginAnswer
from tui.ops.guard import Outcome
from tui.store.snapshot import Topic
from tui.ui.forms.resync import ResyncForm
from tui.ui.modals.answer import AnswerDialog
from tui.ui.screens.deck import DeckScreen


def open_resync(screen: DeckScreen, chosen: int | None) -> None:
    """Open the form; `chosen` is the connection that was under the cursor, if any."""
    core = screen.desk.core
    if core is None:
        return
    snapshot = core.store.snapshot(Topic.CONNECTIONS)

    def answered(outcome: Outcome | None) -> None:
        if outcome is not None and isinstance(outcome.result, PluginAnswer):
            screen.app.push_screen(AnswerDialog(outcome.result))

    screen.app.push_screen(ResyncForm(screen.desk, snapshot.data, chosen, snapshot), answered)
