"""Everything known about one target, as facts or as the raw JSON; follows the data while open."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.domain.redaction import masked_tree
from tui.frozen import frozen
from tui.ui.host import app_of
from tui.ui.modals.details.copy import EVERYTHING, RAW, Choice, CopyDialog, choices_of
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts

if TYPE_CHECKING:
    from tui.ui.modals.why.line import WhyLine
    from tui.ui.modals.why.question import Question


@frozen
class Details:
    facts: tuple[Fact, ...]
    raw: Mapping[str, object]


class DetailsDialog(Dialog[None]):
    """Details of one target; `v` shows the raw JSON, `y` chooses what to copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "raw", "raw JSON"),
        Binding("y", "copy", "copy"),
        Binding("W", "why", "why"),
        *READING,
    ]

    question: "Question | None" = None
    """What `W` asks; None: it is not about anything that is explained."""
    _why: "WhyLine | None" = None

    def __init__(self, title: str, read: Callable[[], Details | None]) -> None:
        super().__init__(title)
        self._read = read
        self._raw = False
        self._last: Details | None = None
        self._is_gone = False

    def compose_body(self) -> ComposeResult:
        yield Facts(id="facts")

    def on_mount(self) -> None:
        self.follow()

    def follow(self) -> None:
        """Show the newest; if the row is removed, keep the last values and say so."""
        details = self._read()
        self._is_gone, was_gone = details is None, self._is_gone
        if details is None:
            text = "no longer in the list; these are the last known values"
            self.trouble(text if self._last else "nothing received yet", "warning")
            return
        self._last = details
        if was_gone:
            self.trouble("")
        facts = (("", line) for line in raw_text(details.raw).split("\n"))
        self.query_one(Facts).set_class(self._raw, "-raw")
        self.query_one(Facts).show(facts if self._raw else self._with_why(details.facts))

    def _with_why(self, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        if self.question is None:
            return facts
        if self._why is None:
            from tui.ui.modals.why.line import WhyLine

            self._why = WhyLine(self.question.screen.session, self.question.subject)
        return self._why.among(facts)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "why":
            return self.question is not None
        return super().check_action(action, parameters)

    def action_why(self) -> None:
        """Ask; a step that is run leaves the details, too."""
        if self.question is not None:
            from tui.ui.modals.why.dialog import ask

            ask(self.question, lambda: self.dismiss(None))

    def action_raw(self) -> None:
        self._raw = not self._raw
        self.query_one("#body", VerticalScroll).scroll_home(animate=False)
        self.follow()

    def action_copy(self) -> None:
        details = self._read() or self._last
        if details is None:
            self.trouble("nothing received yet, so there is nothing to copy", "warning")
            return
        choices = choices_of(details.facts, raw_text(details.raw))
        start = RAW if self._raw else EVERYTHING
        self.app.push_screen(CopyDialog(self.heading, choices, start), self._chosen)

    def _chosen(self, choice: Choice | None) -> None:
        if choice is not None:
            app_of(self).copy_text(choice.text, choice.name)


def raw_text(raw: Mapping[str, object]) -> str:
    """The raw JSON as it is shown and copied; values that may be secrets are masked."""
    return json.dumps(masked_tree(raw), indent=2, ensure_ascii=False, default=str)
