"""A report of the window that *what happened* shows: to read, to copy, or for a file.

Invariant: what is copied or written is what was gathered when the dialog opened, in the chosen format.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeGuard

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.report.document import Document, Items, Line, Paragraph, Table
from tui.domain.report.facts import ReportFacts
from tui.domain.report.formats import Format, write_report
from tui.domain.report.report_document import report_document
from tui.paths import create_private, shown, state_dir
from tui.session.report.gather import gather
from tui.session.report.sources import ReportRequest, Sources, sources_of
from tui.ui.host import app_of
from tui.ui.modals.dialog import READING, Dialog
from tui.ui.widgets.fact_list import Fact, Facts

if TYPE_CHECKING:
    from tui.session.history_view import HistoryView
    from tui.session.session import Session

_BETWEEN, _NONE = " · ", "–"


class ReportDialog(Dialog[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,w", "write", "file", key_display="enter"),
        Binding("y", "copy", "copy"),
        Binding("f", "format", "format"),
        Binding("a", "anonymous", "anonymous"),
        Binding("p", "postmortem", "post-mortem"),
        Binding("I", "leave", "Back", show=False),
        *READING,
    ]

    def __init__(
        self, session: "Session", view: "HistoryView", window: tuple[datetime, datetime]
    ) -> None:
        super().__init__("Report")
        self.session, self.view = session, view
        self._request = ReportRequest(*window)
        self._format = Format.MARKDOWN
        self._sources: Sources | None = None
        self._facts: ReportFacts | None = None

    def compose_body(self) -> ComposeResult:
        yield Facts()

    def on_mount(self) -> None:
        self.read()

    @work(group="report", exclusive=True)
    async def read(self) -> None:
        """Gather the facts, and show the document; until then there is nothing to copy."""
        self._facts = None
        self.trouble("reading…", "busy")
        try:
            if self._sources is None:
                self._sources = await sources_of(self.session, self.view, self._request.since)
            facts = await asyncio.to_thread(gather, self._sources, self._request)
        except OSError as error:
            self.trouble(f"the report cannot be made: {error}")
            return
        self.trouble("")
        self._show(facts)

    def _show(self, facts: ReportFacts) -> None:
        self._facts = facts
        self.query_one(Facts).show(_facts_of(report_document(facts)))
        self._show_name()

    def _show_name(self) -> None:
        anonymous = "anonymous" if self._request.is_anonymous else ""
        self.rename(_BETWEEN.join(filter(None, ("Report", _NAMES[self._format], anonymous))))

    def action_format(self) -> None:
        """The next format, of the file and of the copy."""
        formats = tuple(Format)
        self._format = formats[(formats.index(self._format) + 1) % len(formats)]
        self._show_name()

    def action_anonymous(self) -> None:
        self._request = replace(self._request, is_anonymous=not self._request.is_anonymous)
        self.read()

    def action_postmortem(self) -> None:
        self._request = replace(self._request, is_postmortem=not self._request.is_postmortem)
        if self._facts is not None:
            self._show(replace(self._facts, is_postmortem=self._request.is_postmortem))

    def action_copy(self) -> None:
        if self._is_read(self._facts):
            app_of(self).copy_text(write_report(self._facts, self._format), "the report")

    def _is_read(self, facts: ReportFacts | None) -> TypeGuard[ReportFacts]:
        if facts is None:
            self.trouble("the report is not read yet: press the key again in a moment", "off")
        return facts is not None

    @work(group="report-file", exclusive=True)
    async def action_write(self) -> None:
        """Write a new private file, and say where it is."""
        if not self._is_read(self._facts):
            return
        if not app_of(self).keeps_reports:
            self.trouble("the demo writes no file: y copies the report", "warning")
            return
        text = write_report(self._facts, self._format)
        try:
            path = self._path(self._facts)
            await asyncio.to_thread(create_private, path, text)
        except FileExistsError:
            self.trouble(f"it was written already: {shown(path)}", "ok")
        except OSError as failure:
            self.trouble(f"the report could not be written: {failure.strerror}; y copies it")
        else:
            self.trouble(f"written to {shown(path)}", "ok")

    def _path(self, facts: ReportFacts) -> Path:
        """Another one for each that says something else."""
        marks = "-anonymous" * facts.head.is_anonymous + "-postmortem" * facts.is_postmortem
        name = self.session.facts.name if not facts.head.is_anonymous else "profile"
        at = f"{facts.head.written_at:%Y%m%dT%H%M%SZ}"
        return state_dir() / "reports" / f"report-{name}-{at}{marks}.{self._format}"


_NAMES = {Format.MARKDOWN: "Markdown", Format.HTML: "HTML", Format.JSON: "JSON"}


def _facts_of(document: Document) -> Iterator[Fact]:
    yield _text(document.title), ""
    for title, blocks in (("", document.head), *((one.title, one.blocks) for one in document.sections)):
        if title:
            yield "", ""
            yield title, ""
        for block in blocks:
            match block:
                case Paragraph(line):
                    yield "", _text(line)
                case Items(lines):
                    yield from (("", f"- {_text(line)}") for line in lines)
                case Table(titles, rows):
                    for row in rows:
                        first, *others = zip(titles, map(_text, row), strict=True)
                        said = (f"{name.lower()} {cell}" for name, cell in others if cell != _NONE)
                        yield "", f"- {_BETWEEN.join((first[1], *said))}"


def _text(line: Line) -> str:
    return "".join(one if isinstance(one, str) else one.text or _NONE for one in line)
