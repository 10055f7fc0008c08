"""`history at T`: every subject as it was then, judged by the rules of the present. Blocking."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from tui.domain.health.rules import Level, Verdict, assess_engine
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Change, State, Subject, SubjectKind
from tui.domain.history.replay import (
    expected_of,
    present,
    replayed_connection,
    replayed_engine,
    replayed_extension,
    replayed_worker,
)
from tui.domain.history.since import Since
from tui.domain.history.window import is_seen
from tui.domain.text import counted
from tui.domain.timestamps import iso
from tui.frozen import frozen
from tui.headless.exit_codes import ATTENTION, HEALTHY, NOT_RECORDED
from tui.headless.history.since import since_cell, since_item
from tui.headless.output import line, masked_row
from tui.presentation import connections, engine, extensions, workers
from tui.presentation.columns import Column, Printed
from tui.presentation.connections import ConnectionExtras, ConnectionRow
from tui.presentation.extensions import ExtensionRow
from tui.presentation.item import Item
from tui.presentation.workers import Responses, SyncRow
from tui.session.levels_begun import since_of_all

COLUMNS = (
    Column("state", "State", printed=Printed(10)),
    Column("kind", "What", printed=Printed(10)),
    Column("name", "Name", printed=Printed(24)),
    Column("since", "Since (UTC)", printed=Printed(16)),
    Column("message", "Message", printed=Printed()),
)
_KINDS = (SubjectKind.SYNC, SubjectKind.ENGINE, SubjectKind.CONNECTION, SubjectKind.EXTENSION)


@frozen
class Then:
    """One subject as it was."""

    subject: Subject
    state: State
    verdict: Verdict
    item: Item
    """As its list has it in `--json`."""
    since: Since | None


@frozen
class PastState:
    at: datetime
    rows: tuple[Then, ...]
    """Problems first; without those that were not seen then."""
    unseen: frozenset[SubjectKind]
    """Kinds that were not seen then."""

    @property
    def exit_code(self) -> int:
        if any(row.verdict.needs_attention for row in self.rows):
            return ATTENTION
        return NOT_RECORDED if self.unseen or not self.rows else HEALTHY


def read_state(reader: HistoryReader, at: datetime) -> PastState:
    states, since = reader.states_at(at), since_of_all(reader, at)
    kinds = {subject.kind for subject in states if subject.kind in _KINDS}
    unseen = frozenset(kind for kind in kinds if not is_seen(reader, kind, at))
    rows = [
        Then(subject, state, verdict, item, since.get(subject))
        for kind in _KINDS
        if kind in kinds - unseen
        for subject, state, verdict, item in _ROWS[kind](states, at)
    ]
    ordered = sorted(rows, key=lambda row: (row.verdict.level, _KINDS.index(row.subject.kind)))
    return PastState(at, tuple(ordered), unseen)


Made = Iterator[tuple[Subject, State, Verdict, Item]]


def _syncs(states: Mapping[Subject, Change], at: datetime) -> Made:
    for subject, state in present(states, SubjectKind.SYNC):
        worker = replayed_worker(subject, state, None)
        row = SyncRow(worker, Responses(True, True).assess(worker, at), at)
        yield subject, state, row.verdict, workers.PRINTED.item(row)


def _engine(states: Mapping[Subject, Change], _at: datetime) -> Made:
    for subject, state in present(states, SubjectKind.ENGINE):
        status = replayed_engine(state)
        yield subject, state, assess_engine(status), engine.PRINTED.item(status)


def _connections(states: Mapping[Subject, Change], at: datetime) -> Made:
    expected = expected_of(states)
    for subject, state in present(states, SubjectKind.CONNECTION):
        connection = replayed_connection(subject, state)
        extras = ConnectionExtras(expected=connection.id in expected)
        row = ConnectionRow.of(connection, extras, at)
        yield subject, state, row.verdict, connections.PRINTED.item(row)


def _extensions(states: Mapping[Subject, Change], at: datetime) -> Made:
    for subject, state in present(states, SubjectKind.EXTENSION):
        row = ExtensionRow(replayed_extension(subject, state), at)
        yield subject, state, row.verdict, extensions.PRINTED.item(row)


_ROWS: Mapping[SubjectKind, Callable[[Mapping[Subject, Change], datetime], Made]] = {
    SubjectKind.SYNC: _syncs,
    SubjectKind.ENGINE: _engine,
    SubjectKind.CONNECTION: _connections,
    SubjectKind.EXTENSION: _extensions,
}


def document(state: PastState) -> Mapping[str, object]:
    """The keys of `history at --json` below `schema` and `profile`."""
    return {
        "at": iso(state.at),
        "known": bool(state.rows) and not state.unseen,
        "items": [_item(row) for row in state.rows],
    }


def _item(row: Then) -> Item:
    return {"kind": row.subject.kind.value, **masked_row(row.item), **since_item(row.since)}


def as_rows(state: PastState) -> Sequence[Mapping[str, str]]:
    return [
        masked_row(
            {
                "state": row.verdict.word,
                "kind": row.subject.kind.value,
                "name": row.subject.name or row.subject.key,
                "since": since_cell(row.since, state.at),
                "message": row.verdict.reason or row.state.text,
            }
        )
        for row in state.rows
    ]


def summary(state: PastState) -> str:
    if not state.rows:
        return f"nothing was recorded at {state.at:%Y-%m-%d %H:%M:%S} UTC"
    bad = sum(row.verdict.level <= Level.WARNING for row in state.rows)
    needs = f"{bad} needed attention" if bad else "all was well"
    unseen = ", ".join(line(kind.value) for kind in _KINDS if kind in state.unseen)
    missing = f" · not seen then: {unseen}" if unseen else ""
    return f"{state.at:%Y-%m-%d %H:%M:%S} UTC: {counted(len(state.rows), 'target')}, {needs}{missing}"
