"""Extensions as rows and as facts."""

from datetime import datetime

from tui.domain.health.rules import assess_extension, extension_sort_key
from tui.domain.jtl.extensions import Extension
from tui.presentation.columns import EXTENSIONS, cells_of, on_screen
from tui.presentation.extensions import CELLS, ExtensionRow
from tui.ui.screens.list_row import ListRow, health_words, instant, past, record, sort_values
from tui.ui.screens.past_cells import NOTHING_KNOWN, PastCells
from tui.ui.screens.rows_as_table import absolute
from tui.ui.screens.signs import SIGNS
from tui.ui.widgets.fact_list import Fact, RemarkedText
from tui.ui.widgets.row_list import Row

COLUMNS = on_screen(EXTENSIONS)


def listed(extension: Extension, now: datetime, aside: PastCells = NOTHING_KNOWN) -> ListRow:
    verdict = assess_extension(extension)
    sign, tone = SIGNS[verdict.level]
    cells = cells_of(COLUMNS, CELLS, ExtensionRow(extension, now), aside.cells)
    age = extension.last_changed.age(now)
    changed, created = past(extension.last_changed, now), past(extension.created, now)
    ages = {"age": age, "changed": changed, "created": created, "since": aside.seconds}
    return ListRow(
        Row(extension.id, sign, tone, cells),
        record(COLUMNS, cells, {"id": extension.id}, ages, health_words(verdict)),
        extension_sort_key(extension),
        verdict.needs_attention,
        sort_values(
            COLUMNS,
            cells,
            {"since": aside.seconds, "changed": age, "created": extension.created.age(now)},
        ),
    )


def absolute_cells(extension: Extension) -> dict[str, str]:
    return {"changed": absolute(extension.last_changed), "created": absolute(extension.created)}


def facts(extension: Extension, now: datetime) -> tuple[Fact, ...]:
    verdict = assess_extension(extension)
    return (
        (
            "Status",
            RemarkedText(
                f"{verdict.word}{': ' if verdict.reason else ''}{verdict.reason}", verdict.word
            ),
        ),
        ("ExtensionId", extension.extension_id or "not reported"),
        ("Version", extension.version or "not reported"),
        ("ManifestHash", extension.manifest_hash or "not reported"),
        ("Created", instant(extension.created, now)),
        ("Last changed", instant(extension.last_changed, now)),
        ("Id", extension.id),
    )
