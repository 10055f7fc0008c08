"""Configure a worker sync: its interval, then one field per option, in server order."""

from collections.abc import Mapping, Sequence

from tui.domain.changes import ConfigureWorker, FieldChange
from tui.domain.intervals import IntervalInputError, parse_input, short, timespan
from tui.domain.workers import Worker, WorkerOption, WorkerSync
from tui.ops.registry import OPERATIONS
from tui.ui.desk import Desk
from tui.ui.forms.fields import Check, Field, SwitchField, TextField
from tui.ui.forms.form import FormDialog
from tui.ui.proposal import Proposal

_KNOWN_TEXT_TYPES = frozenset({"string", "text"})
_INT_TYPES = frozenset({"int", "integer", "int32", "int64", "long"})
_BOOL_TYPES = frozenset({"bool", "boolean"})


class ConfigureForm(FormDialog):
    """The form of `worker.configure`; only what was changed is sent."""

    def __init__(self, desk: Desk, worker: Worker, sync: WorkerSync, as_of: str) -> None:
        super().__init__(f"Configure {worker.name}", desk)
        self._worker = worker
        self._sync = sync
        self._as_of = as_of

    def fields(self) -> Sequence[Field]:
        """Interval and options."""
        return (_interval_field(self._sync), *(option_field(option) for option in self._sync.options))

    def proposal(self, fields: Mapping[str, Field]) -> Proposal | str:
        """Exactly what was changed."""
        interval = _changed_interval(self._sync, fields["Interval"].text)
        changed = [option for option in self._sync.options if fields[option.id].changed]
        if interval is None and not changed:
            return "nothing was changed, so there is nothing to send"
        options = tuple((option.id, fields[option.id].text.strip()) for option in changed)
        return Proposal(
            OPERATIONS["worker.configure"],
            ConfigureWorker(self._sync.id, interval and timespan(parse_input(interval)), options),
            self._worker.name,
            changes=tuple(self._changes(interval, changed, fields)),
            as_of=self._as_of,
        )

    def _changes(
        self, interval: str | None, changed: Sequence[WorkerOption], fields: Mapping[str, Field]
    ) -> Sequence[FieldChange]:
        lines = []
        if interval is not None:
            after = short(parse_input(interval))
            note = "applies from the next run on; it does not shorten a pause already running"
            lines.append(FieldChange("Interval", self._sync.interval.shown, after, note))
        for option in changed:
            before = "not reported" if option.value is None else option.value or "empty"
            note = f"shared by all {self._sync.kind or 'syncs of this type'} syncs"
            after = fields[option.id].text.strip() or "empty"
            lines.append(FieldChange(option.name or option.id, before, after, note))
        return lines

    def field_for(self, server_name: str) -> Field | None:
        """The server names an option by its identifier or its position among those sent."""
        found = super().field_for(server_name)
        if found is not None:
            return found
        sent = [field for field in self.query(Field) if field.changed and field.name != "Interval"]
        return sent[0] if len(sent) == 1 and "conf" in server_name.lower() else None


def _interval_field(sync: WorkerSync) -> Field:
    readable = sync.interval.seconds is not None
    return TextField(
        "Interval",
        "Interval",
        (sync.interval.raw or "") if readable else "",
        placeholder=sync.interval.shown,
        note="pause between two runs, such as 5m, 1h 30m, 00:05:00",
        check=_wrong_interval,
    )


def _wrong_interval(text: str) -> str | None:
    try:
        parse_input(text)
    except IntervalInputError as error:
        return str(error)
    return None


def _changed_interval(sync: WorkerSync, typed: str) -> str | None:
    """What was typed, if it is another interval than the server's; an empty field changes nothing."""
    typed = typed.strip()
    if not typed or typed == sync.interval.raw or parse_input(typed) == sync.interval.seconds:
        return None
    return typed


def option_field(option: WorkerOption) -> Field:
    """A switch for `bool`, a checked number for `int`, text for all else, naming unknown types."""
    type_name, label = option.type_name.lower(), option.name or option.id
    value = (option.value or "").lower()
    if type_name in _BOOL_TYPES and value in ("true", "false"):
        return SwitchField(
            option.id, label, first=value == "true", note=option.description, required=option.required
        )
    known = type_name in _KNOWN_TEXT_TYPES | _INT_TYPES | _BOOL_TYPES
    notes = (
        option.description,
        "" if known else f"type {option.type_name or 'not reported'}: sent as text",
    )
    return TextField(
        option.id,
        label,
        option.value or "",
        note=" · ".join(note for note in notes if note),
        placeholder="not reported" if option.value is None else "empty",
        required=option.required,
        check=_check_for(type_name),
    )


def _check_for(type_name: str) -> Check | None:
    if type_name in _INT_TYPES:
        return _wrong_number
    return _wrong_bool if type_name in _BOOL_TYPES else None


def _wrong_number(text: str) -> str | None:
    number = text.removeprefix("-")
    return None if number.isascii() and number.isdecimal() else f"{text!r} is no whole number: write 42"


def _wrong_bool(text: str) -> str | None:
    return None if text in ("true", "false") else f"{text!r} is neither true nor false"
