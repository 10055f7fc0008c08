"""The responses to the calls of a resync, one line per call; enter opens the one under the cursor."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.superoffice.resync_keys import span
from tui.domain.text import one_line
from tui.ops.execution.bulk_run import TargetResult
from tui.ops.proposals.resync import keys_of
from tui.presentation.columns import CALL_ANSWERS
from tui.ui.modals.details.plugin_response import AnswerDialog, sign_of
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.row_list import Cause, Row, RowList

_MOST_LINES = 12
_TONES = {"✔": "ok", "▲": "warning", "✖": "error", "?": "warning"}


def answer_to(result: TargetResult) -> PluginAnswer | None:
    found = result.outcome.result if result.outcome else None
    return found if isinstance(found, PluginAnswer) else None


class CallAnswersDialog(Dialog[None]):
    """One line for each call with a response."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(self, results: Sequence[TargetResult]) -> None:
        """`results`: all calls, in the order of their numbers."""
        super().__init__("Forced resync: the server's responses")
        each = ((str(place), one, answer_to(one)) for place, one in enumerate(results, 1))
        self._answers = {key: (one, answer) for key, one, answer in each if answer is not None}

    def compose_body(self) -> ComposeResult:
        yield RowList(CALL_ANSWERS)

    def on_mount(self) -> None:
        """Start at the last one: the response that ended a run is there."""
        rows = self.query_one(RowList)
        rows.styles.height = min(len(self._answers), _MOST_LINES)
        rows.show(list(self._answers), self._row, Cause.ARRANGE)
        rows.go_to(next(reversed(self._answers), ""))
        rows.focus()

    def _row(self, key: str) -> Row:
        result, answer = self._answers[key]
        summary = " · ".join(filter(None, (answer.word, one_line(answer.explanation), answer.changed)))
        sign = sign_of(answer)
        return Row(key, sign, _TONES[sign], (f"call {key}", span(keys_of(result.proposal)), summary))

    def action_open(self) -> None:
        self.query_one(RowList).reveal()
        key = self.query_one(RowList).target
        if key is not None:
            self.app.push_screen(AnswerDialog(self._answers[key][1], f"Call {key}"))
