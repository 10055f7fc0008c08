"""The engine's interval: one field, sent as TimeSpan and read again afterwards."""

from collections.abc import Mapping, Sequence

from tui.domain.basis import Basis, of_engine_interval
from tui.domain.changes import ENGINE
from tui.domain.engine import ENGINE_NAME, EngineStatus
from tui.domain.intervals import parse_input, short
from tui.ops.drafts import DraftKey
from tui.ops.plans import NOTHING_CHANGED
from tui.ops.plans_superoffice import engine_interval
from tui.ops.proposal import Proposal
from tui.ops.target import Thing
from tui.store.snapshot import Snapshot
from tui.ui.desk import Desk
from tui.ui.forms.configure import interval_field, wrong_interval
from tui.ui.forms.fields import Field
from tui.ui.forms.form import FormDialog

_MEANING = "time between two runs over all connections"


class EngineIntervalForm(FormDialog):
    """The form of `engine.interval`; an empty field sends nothing."""

    def __init__(self, desk: Desk, status: EngineStatus, rests_on: Snapshot[object]) -> None:
        key = DraftKey("engine.interval", ENGINE)
        super().__init__(f"Interval of the {ENGINE_NAME}", desk, ENGINE_NAME, key)
        self._status = status
        self._rests_on = rests_on

    def fields(self) -> Sequence[Field]:
        """The interval alone."""
        return (interval_field(self._status.interval, _MEANING),)

    def basis(self) -> Basis:
        """The interval as it was opened."""
        return of_engine_interval(self._status)

    def adopt(self, thing: Thing, rests_on: Snapshot[object]) -> bool:
        """Go on from the engine as it is now."""
        if isinstance(thing, EngineStatus):
            self._status, self._rests_on = thing, rests_on
        return isinstance(thing, EngineStatus)

    def sends(self, field: Field) -> bool:
        """An empty field changes nothing."""
        return field.changed and bool(field.text.strip())

    def in_words(self, field: Field) -> str:
        """As the screen shows it."""
        if wrong_interval(field.text):
            return super().in_words(field)
        return short(parse_input(field.text))

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | str:
        """The new interval, if it is another one than the server's."""
        field = fields["Interval"]
        if not self.sends(field):
            return NOTHING_CHANGED
        return engine_interval(self._status, parse_input(field.text), self._rests_on)
