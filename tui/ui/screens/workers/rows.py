"""Worker syncs as rows and as facts."""

from datetime import datetime

from tui.domain.baseline import option_shown, value_word
from tui.domain.health.rules import worker_sort_key
from tui.domain.jtl.workers import Worker
from tui.domain.text import one_line
from tui.presentation.columns import WORKERS, cells_of, on_screen
from tui.presentation.workers import CELLS, Responses, SyncRow
from tui.ui.screens.list_row import ListRow, ahead, health_words, instant, past, record, sort_values
from tui.ui.screens.past_cells import NOTHING_KNOWN, PastCells
from tui.ui.screens.rows_as_table import absolute
from tui.ui.screens.signs import SIGNS
from tui.ui.widgets.fact_list import Fact, RemarkedText
from tui.ui.widgets.row_list import Row

COLUMNS = on_screen(WORKERS)


def listed(worker: Worker, now: datetime, asked: Responses, aside: PastCells = NOTHING_KNOWN) -> ListRow:
    verdict = asked.assess(worker, now)
    sign, tone = SIGNS[verdict.level]
    sync, status = worker.sync, worker.status
    cells = cells_of(COLUMNS, CELLS, SyncRow(worker, verdict, now), aside.cells)
    return ListRow(
        Row(worker.id, sign, tone, cells),
        record(
            COLUMNS,
            cells,
            {"id": worker.id},
            {**_compared(worker, now), "since": aside.seconds},
            health_words(verdict),
        ),
        worker_sort_key(worker, verdict),
        verdict.needs_attention,
        sort_values(
            COLUMNS,
            cells,
            {
                "state": verdict.level,
                "since": aside.seconds,
                "channel": one_line(sync.channel).casefold() if sync else worker.id,
                "every": sync.interval.seconds if sync else None,
                "status_at": status.status_at.age(now) if status else None,
                "next": status.next_at.at.timestamp() if status and status.next_at.at else None,
            },
        ),
    )


def _compared(worker: Worker, now: datetime) -> dict[str, float | None]:
    status = worker.status
    return {
        "age": status.status_at.age(now) if status else None,
        "status": past(status.status_at if status else None, now),
        "every": worker.sync.interval.seconds if worker.sync else None,
        "next": ahead(status.next_at if status else None, now),
    }


def absolute_cells(worker: Worker) -> dict[str, str]:
    status = worker.status
    if status is None:
        return {}
    return {"status_at": absolute(status.status_at), "next": absolute(status.next_at)}


def facts(worker: Worker, now: datetime, asked: Responses) -> tuple[Fact, ...]:
    verdict = asked.assess(worker, now)
    lines: list[Fact] = [("State", verdict.word)]
    if verdict.reason:
        lines.append(("", verdict.reason))
    if worker.state is not None:
        lines.append(("Meaning", worker.state.meaning))
    if worker.problem and not worker.doubled:
        lines.append(("Problem", f"row unreadable: {worker.problem}"))
    return (*lines, *_status_facts(worker, now, asked), *_sync_facts(worker, asked))


def _status_facts(worker: Worker, now: datetime, asked: Responses) -> tuple[Fact, ...]:
    status = worker.status
    if status is None:
        unlisted = "the server listed no status for this sync"
        return (("Status", unlisted if asked.statuses else "the status could not be read"),)
    percent = "not reported" if worker.percent is None else f"{worker.percent:.0f} %"
    return (
        ("Message", status.text or "none"),
        ("Last status", instant(status.status_at, now, "; may not be a run")),
        ("Next run", instant(status.next_at, now, " (estimated)")),
        ("Progress", percent),
    )


def _sync_facts(worker: Worker, asked: Responses) -> tuple[Fact, ...]:
    sync = worker.sync
    if sync is None:
        unlisted = "the server listed no configuration for this status"
        return (
            ("Sync", unlisted if asked.syncs else "the list of syncs could not be read"),
            ("Identifier", worker.id),
        )
    return (
        ("Sync", sync.kind or "not reported"),
        (
            "Channel",
            _remarked(sync.channel or "not reported", f" ({sync.channel_id or 'no channel id'})"),
        ),
        (
            "Every",
            _remarked(
                sync.interval.shown,
                "" if sync.interval.raw in (None, sync.interval.shown) else f" ({sync.interval.raw})",
            ),
        ),
        ("Identifier", sync.id),
        ("", ""),
        (f"Options, shared by all {sync.kind or 'such'} syncs", ""),
        *(
            (
                option.name or option.id,
                _remarked(
                    option_shown(option, value_word(option.value)),
                    " (required)" if option.required else "",
                ),
            )
            for option in sync.options
        ),
        *(() if sync.options else (("", "not recorded" if asked.is_past else "none"),)),
    )


def _remarked(value: str, remark: str) -> RemarkedText:
    return RemarkedText(value + remark, value)
