"""Configure several syncs at once: one interval for each, and one option of their kind."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from tui.domain.baseline import option_name, option_shown, option_value
from tui.domain.intervals import parse_input
from tui.domain.jtl import worker_options as options
from tui.domain.jtl.workers import Worker, WorkerOption
from tui.domain.text import cited
from tui.ops.proposals.bulk import counted, kinds_of, shared_options
from tui.session.session import Session
from tui.ui.forms.form import FormDialog
from tui.ui.forms.worker_configure import wrong_interval
from tui.ui.widgets.form_fields import Field, TextField
from tui.ui.widgets.text_line import TextLine

BulkRequest = tuple[float | None, tuple[str, str] | None]
"""Seconds, and (option identifier, value); None is not sent."""


class BulkConfigureForm(FormDialog):
    """The form of `worker.configure` for the marked syncs; an empty field sends nothing."""

    def __init__(
        self,
        session: Session,
        workers: Sequence[Worker],
        review: Callable[["BulkConfigureForm", BulkRequest], str],
    ) -> None:
        """`review` opens the review of a request, or returns why there is nothing to review."""
        super().__init__(f"Configure {counted(len(workers), ('sync', 'syncs'))}", session)
        self._kinds = kinds_of(workers)
        self._options = shared_options(workers)
        self._review = review
        shown = dict.fromkeys(worker.sync.interval.shown for worker in workers if worker.sync)
        self._shown = ", ".join(shown)

    def compose_body(self) -> ComposeResult:
        yield from super().compose_body()
        yield TextLine(self._note_text(), classes="field-note")

    def _note_text(self) -> str:
        if len(self._kinds) > 1:
            kinds = ", ".join(self._kinds)
            return f"syncs of several kinds are marked ({kinds}), so only the interval can be set"
        if not self._options:
            return "these syncs share no option that can be set here"
        return (
            f"an option is shared by all {self._kinds[0] or 'such'} syncs, marked or not:"
            " it is sent once; the interval goes to each"
        )

    def fields(self) -> Sequence[Field]:
        interval = TextField(
            "Interval",
            "Interval",
            placeholder=f"unchanged ({self._shown})",
            note="pause between two runs, such as 5m, 1h 30m, 00:05:00",
            check=wrong_interval,
        )
        if not self._options:
            return (interval,)
        numbered = " · ".join(f"{n} {option_name(one)}" for n, one in enumerate(self._options, start=1))
        return (
            interval,
            TextField("Option", "Option", placeholder="none", note=numbered, check=self._wrong_option),
            TextField("Value", "Value", placeholder="unchanged", check=self._wrong_value),
        )

    def edited(self, field: Field) -> None:
        """Show the type of the option as soon as the option is known."""
        super().edited(field)
        if field.name == "Option":
            chosen = self._option(field.text)
            value = self._by_name["Value"]
            value.show_note("" if chosen is None else _takes(chosen))
            if isinstance(value, TextField):
                value.hold_secret(chosen is not None and options.is_secret(chosen))

    def _option(self, text: str) -> WorkerOption | None:
        """The option of that number or name; None where it is ambiguous or unknown."""
        wanted = text.strip().casefold()
        if wanted.isdecimal() and 0 < int(wanted) <= len(self._options):
            return self._options[int(wanted) - 1]
        named = [one for one in self._options if wanted and wanted in option_name(one).casefold()]
        exact = [one for one in named if wanted in (option_name(one).casefold(), one.id.casefold())]
        found = exact or named
        return found[0] if len(found) == 1 else None

    def _wrong_option(self, text: str) -> str | None:
        if self._option(text) is not None:
            return None
        wanted = f"write a number of 1 to {len(self._options)}, or a name"
        return f"{cited(text)} is not an option of these syncs: {wanted}"

    def _wrong_value(self, text: str) -> str | None:
        chosen = self._option(self._by_name["Option"].text)
        return "choose an option first" if chosen is None else options.wrong_value(chosen, text)

    def is_right(self) -> bool:
        right, fields = super().is_right(), self._by_name
        chosen = "Option" in fields and fields["Option"].text.strip()
        if right and chosen and not fields["Value"].text.strip():
            fields["Value"].show_error("write the option's new value, or choose no option")
            fields["Value"].focus_control()
            return False
        return right

    def action_review(self) -> None:
        if self.is_right():
            self.complain(self._review(self, self._request()), "warning")

    def _request(self) -> BulkRequest:
        texts = {name: field.text.strip() for name, field in self._by_name.items()}
        interval = parse_input(texts["Interval"]) if texts["Interval"] else None
        chosen = self._option(texts.get("Option", ""))
        value = texts.get("Value", "")
        return interval, (chosen.id, value) if chosen is not None and value else None


def _takes(option: WorkerOption) -> str:
    kind = "true or false" if options.is_bool(option) else option.type_name
    now = option_shown(option, option_value(option))
    return " · ".join(filter(None, (f"{kind}, now {now}", option.description)))
