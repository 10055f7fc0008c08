"""The formats of a document. Pure."""

from enum import StrEnum

from tui.domain.report.as_json import handover_json, report_json
from tui.domain.report.document import Document
from tui.domain.report.facts import HandoverFacts, ReportFacts
from tui.domain.report.handover_document import handover_document
from tui.domain.report.html_page import as_html
from tui.domain.report.markdown import as_markdown
from tui.domain.report.report_document import report_document


class Format(StrEnum):
    """The value is also the ending of a file's name."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def write_report(facts: ReportFacts, form: Format) -> str:
    return report_json(facts) if form is Format.JSON else _written(report_document(facts), form)


def write_handover(facts: HandoverFacts, form: Format) -> str:
    return handover_json(facts) if form is Format.JSON else _written(handover_document(facts), form)


def _written(document: Document, form: Format) -> str:
    return as_html(document) if form is Format.HTML else as_markdown(document)
