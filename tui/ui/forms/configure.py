"""Configure a worker sync: its interval, then one field per option, in server order."""

from collections.abc import Iterator, Mapping, Sequence

from tui.domain.changes import ConfigureWorker, FieldChange
from tui.domain.intervals import IntervalInputError, parse_input, short, timespan
from tui.domain.workers import Worker, WorkerOption, WorkerSync
from tui.ops.registry import OPERATIONS
from tui.store.snapshot import Snapshot
from tui.ui.desk import Desk
from tui.ui.forms.fields import Check, Field, SwitchField, TextField
from tui.ui.forms.form import FormDialog
from tui.ui.proposal import Proposal

_KNOWN_TEXT_TYPES = frozenset({"string", "text"})
_INT_TYPES = frozenset({"int", "integer", "int32", "int64", "long"})
_BOOL_TYPES = frozenset({"bool", "boolean"})


class ConfigureForm(FormDialog):
    """The form of `worker.configure`; only what was changed is sent."""

    def __init__(self, desk: Desk, worker: Worker, sync: WorkerSync, rests_on: Snapshot[object]) -> None:
        super().__init__(f"Configure {worker.name}", desk)
        self._worker = worker
        self._sync = sync
        self._rests_on = rests_on
        self._interval = _interval_field(sync)
        self._options = [
            (option, option_field(f"option {number}", option))
            for number, option in enumerate(sync.options, start=1)
        ]

    def fields(self) -> Sequence[Field]:
        """Interval and options."""
        return (self._interval, *(field for _, field in self._options))

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | str:
        """Exactly what was changed."""
        seconds = self._changed_interval()
        changed = [(option, field.text.strip()) for option, field in self._options if field.changed]
        if seconds is None and not changed:
            return "nothing was changed, so there is nothing to send"
        interval = None if seconds is None else timespan(seconds)
        return Proposal(
            OPERATIONS["worker.configure"],
            ConfigureWorker(self._sync.id, interval, tuple((o.id, value) for o, value in changed)),
            self._worker.name,
            changes=tuple(self._changes(seconds, changed)),
            rests_on=self._rests_on,
        )

    def _changed_interval(self) -> float | None:
        """Seconds, if they are others than the server's; an empty field changes nothing."""
        if not self._interval.changed or not self._interval.text.strip():
            return None
        seconds = parse_input(self._interval.text)
        return None if seconds == self._sync.interval.seconds else seconds

    def _changes(
        self, seconds: float | None, changed: Sequence[tuple[WorkerOption, str]]
    ) -> Iterator[FieldChange]:
        if seconds is not None:
            note = "applies from the next run on; it does not shorten a pause already running"
            yield FieldChange("Interval", self._sync.interval.shown, short(seconds), note)
        for option, value in changed:
            before = "not reported" if option.value is None else option.value or "empty"
            note = f"shared by all {self._sync.kind or 'such'} syncs"
            yield FieldChange(option.name or option.id, before, value or "empty", note)

    def field_for(self, server_name: str) -> Field | None:
        """The server names an option by its identifier, or only says that one of them is wrong."""
        name = server_name.lower()
        if "interval" in name:
            return self._interval
        named = [field for option, field in self._options if option.id.lower() in name]
        sent = [field for _, field in self._options if field.changed]
        if not named and len(sent) == 1 and "conf" in name:
            named = sent
        return named[0] if named else None


def _interval_field(sync: WorkerSync) -> Field:
    readable = sync.interval.seconds is not None
    return TextField(
        "Interval",
        "Interval",
        (sync.interval.raw or "") if readable else "",
        placeholder=f"unchanged ({sync.interval.shown})",
        note="pause between two runs, such as 5m, 1h 30m, 00:05:00",
        check=_wrong_interval,
    )


def _wrong_interval(text: str) -> str | None:
    try:
        parse_input(text)
    except IntervalInputError as error:
        return str(error)
    return None


def option_field(name: str, option: WorkerOption) -> Field:
    """A switch for `bool`, a checked number for `int`, text for all else, naming unknown types."""
    type_name, label = option.type_name.lower(), option.name or option.id
    value = (option.value or "").lower()
    if type_name in _BOOL_TYPES and value in ("true", "false"):
        return SwitchField(
            name, label, first=value == "true", note=option.description, required=option.required
        )
    if option.altered:
        return _fixed_field(name, label, option)
    known = type_name in _KNOWN_TEXT_TYPES | _INT_TYPES | _BOOL_TYPES
    notes = (
        option.description,
        "" if known else f"type {option.type_name or 'not reported'}: sent as text",
    )
    return TextField(
        name,
        label,
        option.value or "",
        note=" · ".join(note for note in notes if note),
        placeholder="not reported" if option.value is None else "empty",
        required=option.required,
        check=_check_for(type_name),
    )


def _fixed_field(name: str, label: str, option: WorkerOption) -> Field:
    """A value that cannot be shown as it is would be sent back as something else."""
    note = "cannot be changed here: its text holds what a terminal cannot show, or is too long"
    return TextField(name, label, option.value or "", note=note, fixed=True)


def _check_for(type_name: str) -> Check | None:
    if type_name in _INT_TYPES:
        return _wrong_number
    return _wrong_bool if type_name in _BOOL_TYPES else None


def _wrong_number(text: str) -> str | None:
    number = text.removeprefix("-")
    return None if number.isascii() and number.isdecimal() else f"{text!r} is no whole number: write 42"


def _wrong_bool(text: str) -> str | None:
    return None if text in ("true", "false") else f"{text!r} is neither true nor false"
