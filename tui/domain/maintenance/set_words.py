"""The words of a set of targets: `engine`, or the filter language over syncs; over connections where a
word says `connection:…` or `kind:connection`. Pure."""

import re
from collections.abc import Sequence

from tui.domain.filter_terms import Amount, Field, Not, Or, Record, Term
from tui.domain.filters import Filter, parse_filter
from tui.domain.jtl.workers import Worker
from tui.domain.maintenance.records import MemberKind
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import ENGINE

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}", re.ASCII)
"""Names of sets; they become part of a file name."""
FIELDS = ("name", "channel", "sync", "kind", "state", "message", "connection", "id", "every")


def parse(word: str) -> Filter:
    """One word of a set as a filter; its `problem` says what is wrong with it."""
    return parse_filter(word, FIELDS, ages=("every",), finished=True)


def wrong_with(word: str) -> str:
    """Why a word of a set cannot be used; empty: it can."""
    if word.strip().casefold() == ENGINE:
        return ""
    known = parse(word)
    return known.problem or ("" if known.terms else "it is empty: name what is meant")


def kinds_of(words: Sequence[str]) -> frozenset[MemberKind]:
    """What has to be read to find the targets of these words."""
    return frozenset(map(kind_of, words))


def kind_of(word: str) -> MemberKind:
    if word.strip().casefold() == ENGINE:
        return MemberKind.ENGINE
    of_connections = any(map(_names_connections, parse(word).terms))
    return MemberKind.CONNECTION if of_connections else MemberKind.SYNC


def _names_connections(term: Term) -> bool:
    match term:
        case (
            Field(name="connection") | Amount(name="connection") | Field(name="kind", text="connection")
        ):
            return True
        case Or(terms=terms):
            return any(map(_names_connections, terms))
        case Not(term=inner):
            return _names_connections(inner)
        case _:
            return False


def of_worker(worker: Worker) -> Record:
    sync, status = worker.sync, worker.status
    fields = {
        "id": worker.id,
        "name": worker.name,
        "sync": sync.kind if sync else "",
        "channel": sync.channel if sync else "",
        "state": worker.state_word,
        "message": status.text if status else "",
        "every": sync.interval.shown if sync else "",
    }
    every = sync.interval.seconds if sync else None
    return Record({**fields, "kind": f"sync\n{fields['sync']}"}, {"every": every})


def of_connection(connection: Connection) -> Record:
    fields = {"id": str(connection.id), "name": connection.name, "kind": MemberKind.CONNECTION.value}
    return Record({**fields, "connection": connection.name})
