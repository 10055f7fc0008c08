"""Extensions: the cells of a row, and the row as `--json` writes it."""

from datetime import datetime

from tui.domain.health.rules import Verdict, assess_extension
from tui.domain.jtl.extensions import Extension
from tui.domain.text import one_line
from tui.domain.timestamps import stamp
from tui.frozen import frozen
from tui.presentation.columns import EXTENSIONS, NOT_KNOWN, Cells
from tui.presentation.item import Item, PrintedList, text_of, time_cell, unread


@frozen
class ExtensionRow:
    extension: Extension
    now: datetime

    @property
    def verdict(self) -> Verdict:
        return assess_extension(self.extension)


def _name(row: ExtensionRow) -> str:
    """An unreadable row says why beside its name."""
    extension = row.extension
    return f"{extension.name} · {row.verdict.reason}" if extension.problem else extension.name


CELLS: Cells[ExtensionRow] = {
    "status": lambda row: row.extension.status_word,
    "extension": _name,
    "version": lambda row: row.extension.version or NOT_KNOWN,
    "changed": lambda row: time_cell(row.extension.last_changed, row.now),
    "created": lambda row: time_cell(row.extension.created, row.now),
    "hash": lambda row: row.extension.manifest_hash or NOT_KNOWN,
}


def _item(row: ExtensionRow) -> Item:
    extension = row.extension
    return {
        "id": extension.id,
        "extension_id": one_line(extension.extension_id) or None,
        "version": one_line(extension.version) or None,
        "status": extension.status_word,
        "manifest_hash": one_line(extension.manifest_hash) or None,
        "created": stamp(extension.created.at),
        "created_text": unread(extension.created),
        "last_changed": stamp(extension.last_changed.at),
        "last_changed_text": unread(extension.last_changed),
        "problem": text_of(extension.problem),
    }


PRINTED = PrintedList(EXTENSIONS, CELLS, _item)
