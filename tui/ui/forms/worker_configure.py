"""Configure a worker sync: its interval, then one field per option, in server order."""

import re
from collections.abc import Sequence
from functools import partial

from tui.domain.baseline import Baseline, of_sync
from tui.domain.intervals import Interval, IntervalInputError, parse_input, short
from tui.domain.jtl import worker_options as options
from tui.domain.jtl.workers import Worker, WorkerOption, WorkerSync
from tui.domain.text import one_line
from tui.ops.drafts.draft import DraftKey
from tui.ops.operations.configure_worker import configure
from tui.ops.proposals.proposal import Proposal
from tui.ops.refusal import Refusal
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.forms.target_form import TargetForm
from tui.ui.widgets.form_fields import Field, SwitchField, TextField

_INDEX = re.compile(r"\[(\d+)\]")


class ConfigureForm(TargetForm[WorkerSync]):
    """The form of `worker.configure`; only changed values are sent."""

    def __init__(
        self, session: Session, worker: Worker, sync: WorkerSync, rests_on: Snapshot[object]
    ) -> None:
        key = DraftKey("worker.configure", sync.id)
        super().__init__(f"Configure {worker.name}", session, worker.name, key, sync, rests_on)
        self._interval = interval_field(sync.interval)
        self._options: list[tuple[WorkerOption, Field]] = []

    def fields(self) -> Sequence[Field]:
        self._interval = interval_field(self.opened.interval)
        self._options = [
            (option, option_field(f"option {number}", option))
            for number, option in enumerate(self.opened.options, start=1)
        ]
        return (self._interval, *(field for _, field in self._options))

    def baseline(self) -> Baseline:
        return of_sync(self.opened)

    def sends(self, field: Field) -> bool:
        return field.changed and (field is not self._interval or bool(field.text.strip()))

    def in_words(self, field: Field) -> str:
        if field is not self._interval or wrong_interval(field.text):
            return super().in_words(field)
        return short(parse_input(field.text))

    def proposal(self) -> Proposal | Refusal:
        interval = parse_input(self._interval.text) if self.sends(self._interval) else None
        changed = {option.id: field.text.strip() for option, field in self._options if field.changed}
        sharing = self.session.sharing(self.opened)
        return configure(self.opened, interval, changed, self.rests_on, sharing=sharing)

    def field_for(self, server_name: str) -> Field | None:
        """The server names an option by its identifier, or by its place among those that were sent."""
        name = server_name.lower()
        if "interval" in name:
            return self._interval
        named = [field for option, field in self._options if option.id.lower() in name]
        if named or "conf" not in name:
            return named[0] if named else None
        sent = [field for _, field in self._options if field.changed]
        at = _INDEX.search(name)
        number = int(at[1]) if at else 0 if len(sent) == 1 else None
        return sent[number] if number is not None and number < len(sent) else None


def interval_field(interval: Interval, meaning: str = "pause between two runs") -> Field:
    """A field for an interval; an unreadable server value is shown in the note, not in the field."""
    return TextField(
        "Interval",
        "Interval",
        "" if interval.seconds is None else interval.raw or "",
        placeholder=f"unchanged ({one_line(interval.shown)})",
        note=f"{meaning}, such as 5m, 1h 30m, 00:05:00",
        check=wrong_interval,
    )


def wrong_interval(text: str) -> str | None:
    try:
        parse_input(text)
    except IntervalInputError as error:
        return str(error)
    return None


def option_field(name: str, option: WorkerOption) -> Field:
    """A switch for `bool`, a checked number for `int`, text for all else, naming unknown types."""
    label = option.name or option.id
    value = (option.value or "").lower()
    if options.is_bool(option) and value in ("true", "false"):
        return SwitchField(
            name,
            label,
            value,
            note=option.description,
            required=option.required,
            key=option.id,
        )
    if option.altered:
        # A value that cannot be shown unchanged would be sent back as another value.
        note = options.CANNOT_BE_SHOWN
        return TextField(name, label, option.value or "", note=note, fixed=True, key=option.id)
    is_missing = option.required and not (option.value or "").strip()
    notes = (
        option.description,
        "required, and empty on the server" if is_missing else "",
        "" if options.is_known(option) else f"type {option.type_name or 'not reported'}: sent as text",
    )
    return TextField(
        name,
        label,
        option.value or "",
        note=" · ".join(note for note in notes if note),
        placeholder="not reported" if option.value is None else "empty",
        required=option.required,
        check=partial(options.wrong_value, option),
        key=option.id,
        may_stay_empty=is_missing,
    )
