"""The lines of a key list with no key or with several, and the keys that were written twice."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.superoffice.resync_keys import LineNote, Report
from tui.ui.host import app_of
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts

_MOST = 2_000
"""Lines that are listed one by one."""


class LinesReportDialog(Dialog[None]):
    """The remarks on a key list, line by line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy"),
        *READING,
    ]

    def __init__(self, report: Report) -> None:
        super().__init__(f"Key list: {report.summary}")
        self._report = report

    def compose_body(self) -> ComposeResult:
        report = self._report
        headers = tuple(filter(None, (report.header, report.skipped)))
        yield Facts(
            (
                *_headed("Looks like a header", headers),
                *_headed("Invalid lines: ignored", report.bad),
                *_headed("More than one key", report.several),
                *_headed("Repeated: sent once", report.repeats),
                *([] if report.has_notes else [("", "every line is one key")]),
            )
        )

    def action_copy(self) -> None:
        plain = f"{self.heading}\n{self.query_one(Facts).plain}"
        app_of(self).copy_text(plain, "the report")


def _headed(heading: str, notes: tuple[LineNote, ...]) -> Iterator[Fact]:
    if notes:
        yield heading, ""
        yield from ((f"line {note.line}", note.sentence) for note in notes[:_MOST])
    if len(notes) > _MOST:
        yield "", f"and {len(notes) - _MOST:,} more"
