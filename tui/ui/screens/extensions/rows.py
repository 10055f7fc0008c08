"""Extensions as rows and as facts."""

from datetime import datetime

from tui.domain.health.rules import assess_extension, extension_sort_key
from tui.domain.jtl.extensions import Extension
from tui.domain.text import one_line
from tui.ui.screens.list_row import ListRow, health_words, instant, past, record
from tui.ui.screens.rows_as_table import absolute
from tui.ui.screens.signs import SIGNS
from tui.ui.widgets.columns import EXTENSIONS
from tui.ui.widgets.fact_list import Fact, RemarkedText
from tui.ui.widgets.row_list import Row


def listed(extension: Extension, now: datetime) -> ListRow:
    verdict = assess_extension(extension)
    sign, tone = SIGNS[verdict.level]
    name = one_line(extension.name)
    cells = (
        one_line(verdict.word),
        f"{name} · {verdict.reason}" if extension.problem else name,
        one_line(extension.version) or "–",
        one_line(extension.last_changed.ago(now)),
        one_line(extension.created.ago(now)),
        one_line(extension.manifest_hash) or "–",
    )
    age = extension.last_changed.age(now)
    changed, created = past(extension.last_changed, now), past(extension.created, now)
    ages = {"age": age, "changed": changed, "created": created}
    return ListRow(
        Row(extension.id, sign, tone, cells),
        record(EXTENSIONS, cells, {"id": extension.id}, ages, health_words(verdict)),
        extension_sort_key(extension),
        verdict.needs_attention,
        (
            verdict.word,
            name.casefold(),
            cells[2],
            age,
            extension.created.age(now),
            cells[5].casefold(),
        ),
    )


def absolute_cells(extension: Extension) -> dict[str, str]:
    """The times of a row, by column."""
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
