"""The lines of a key list that give no key, and the keys that were written twice."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.resync_keys import KeyReport, LineNote
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Fact, Facts

_MOST = 2_000
"""Lines that are told one by one."""


class LinesReportDialog(Dialog[None]):
    """What is to be said of a key list, line by line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy"),
        Binding("q", "leave", "Back", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, report: KeyReport[int] | KeyReport[str]) -> None:
        super().__init__(f"Key list: {report.told}")
        self._report = report

    def compose_body(self) -> ComposeResult:
        """One line each."""
        yield Facts()

    def on_mount(self) -> None:
        """Show them."""
        bad, repeats = self._report.bad, self._report.repeats
        self.query_one(Facts).show(
            (
                *_headed("Bad lines: nothing of them is sent", bad),
                *_headed("Repeated: sent once", repeats),
                *([("", "every line can be taken")] if not (bad or repeats) else []),
            )
        )

    def action_copy(self) -> None:
        """Copy what is on screen."""
        plain = f"{self.heading}\n{self.query_one(Facts).plain}"
        self.app.copy_text(plain, "the report")  # type: ignore[attr-defined]  # our app


def _headed(heading: str, notes: tuple[LineNote, ...]) -> Iterator[Fact]:
    if notes:
        yield heading, ""
        yield from ((f"line {note.line}", note.sentence) for note in notes[:_MOST])
    if len(notes) > _MOST:
        yield "", f"and {len(notes) - _MOST:,} more"
