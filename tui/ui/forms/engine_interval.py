"""The engine's interval: one field, sent as TimeSpan and read again afterwards."""

from collections.abc import Sequence

from tui.domain.baseline import Baseline, of_engine_interval
from tui.domain.intervals import parse_input, short
from tui.domain.superoffice.engine import ENGINE_NAME, EngineStatus
from tui.domain.writes import ENGINE
from tui.ops.drafts.draft import DraftKey
from tui.ops.operations.engine_interval import engine_interval
from tui.ops.proposals.proposal import NOTHING_CHANGED, Proposal
from tui.ops.refusal import Refusal
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.forms.target_form import TargetForm
from tui.ui.forms.worker_configure import interval_field, wrong_interval
from tui.ui.widgets.form_fields import Field

_MEANING = "time between two runs over all connections"


class EngineIntervalForm(TargetForm[EngineStatus]):
    """The form of `engine.interval`; an empty field sends nothing."""

    def __init__(self, session: Session, status: EngineStatus, rests_on: Snapshot[object]) -> None:
        key = DraftKey("engine.interval", ENGINE)
        title = f"Interval of the {ENGINE_NAME}"
        super().__init__(title, session, ENGINE_NAME, key, status, rests_on)

    def fields(self) -> Sequence[Field]:
        return (interval_field(self.opened.interval, _MEANING),)

    def baseline(self) -> Baseline:
        return of_engine_interval(self.opened)

    def in_words(self, field: Field) -> str:
        if wrong_interval(field.text):
            return super().in_words(field)
        return short(parse_input(field.text))

    def proposal(self) -> Proposal | Refusal:
        field = self._by_name["Interval"]
        if not self.sends(field):
            return NOTHING_CHANGED
        return engine_interval(self.opened, parse_input(field.text), self.rests_on)
