"""What `check` looks at: `--system`, `--sync` and `--kind`. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from tui.domain.health.rules import Level, Verdict
from tui.domain.history.records import SubjectKind
from tui.domain.monitoring.check_result import UNLISTED, Row
from tui.domain.profile import System
from tui.domain.text import folded
from tui.frozen import frozen

SYSTEM_OF = {
    SubjectKind.SYNC: System.JTL,
    SubjectKind.EXTENSION: System.JTL,
    SubjectKind.ENGINE: System.SUPEROFFICE,
    SubjectKind.CONNECTION: System.SUPEROFFICE,
}
_USUAL = (SubjectKind.SYNC, SubjectKind.ENGINE, SubjectKind.CONNECTION)
_PART = " · "


@frozen
class Selection:
    system: System | None = None
    """None: every system that the profile configures."""
    syncs: tuple[str, ...] = ()
    """Identifiers or names; empty: all."""
    kind: str = ""
    """`sync`, `engine`, `connection`, `extension`, or a kind of sync such as `Ebay`; empty: all."""
    expected: tuple[str, ...] = ()
    """Identifiers or names of syncs that have to be listed, whatever else is checked."""

    @property
    def subjects(self) -> tuple[SubjectKind, ...]:
        """What is read; empty: the options exclude each other. Extensions only if they are named: a long
        list at every check would be a burden, and only an unreadable one is a problem."""
        kinds: tuple[SubjectKind, ...] = _USUAL
        if self.kind in SYSTEM_OF:
            kinds = (SubjectKind(self.kind),)
        if self.syncs or (self.kind and self.kind not in SYSTEM_OF):
            kinds = tuple(kind for kind in kinds if kind is SubjectKind.SYNC)
        return tuple(kind for kind in kinds if self.system in (None, SYSTEM_OF[kind]))

    @property
    def systems(self) -> tuple[System, ...]:
        return tuple(dict.fromkeys(SYSTEM_OF[kind] for kind in self.subjects))

    @property
    def is_named(self) -> bool:
        """Whether a system that is not configured is a mistake, and not just absent."""
        return bool(self.system or self.syncs or self.kind)

    def apply(self, rows: Iterable[Row]) -> tuple[Row, ...]:
        """The rows that are meant, by a former name where none has it now; problems of whole lists
        stay."""
        rows = tuple(rows)
        wanted = frozenset(map(folded, self.syncs))
        former = wanted.difference(*map(_called, rows))
        kind = "" if self.kind in SYSTEM_OF else folded(self.kind)
        return tuple(
            row
            for row in rows
            if row.kind is not SubjectKind.SYNC
            or (
                (not wanted or wanted & _called(row) or former & _was_called(row))
                and (not kind or folded(_kind_of(row)) == kind)
            )
        )

    def missing(self, rows: Iterable[Row]) -> tuple[str, ...]:
        """What was named and does not exist, in words. A sync that disappeared must not look healthy."""
        syncs = [row for row in rows if row.kind is SubjectKind.SYNC]
        known = frozenset(name for row in syncs for name in _called(row) | _was_called(row))
        lost = [repr(name) for name in self.syncs if folded(name) not in known]
        if not lost and self.kind and self.kind not in SYSTEM_OF and not self.apply(syncs):
            lost = [f"of kind {self.kind!r}"]
        return tuple(lost)

    def unlisted(self, rows: Iterable[Row]) -> tuple[Row, ...]:
        """A problem for each expected sync that is not among `rows`, which are all that were read."""
        known = frozenset(name for row in rows if row.kind is SubjectKind.SYNC for name in _called(row))
        lost = (name for name in dict.fromkeys(self.expected) if folded(name) not in known)
        return tuple(
            Row(
                SubjectKind.SYSTEM,
                System.JTL.value,
                System.JTL.product,
                Verdict(Level.WARNING, UNLISTED, f"the sync {name!r} is not in the list"),
            )
            for name in lost
        )


def _was_called(row: Row) -> frozenset[str]:
    return frozenset(name for one in row.former for name in _called(replace(row, name=one)))


def _called(row: Row) -> frozenset[str]:
    parts = (row.id, row.name, *row.name.split(_PART))
    return frozenset(folded(part) for part in parts if part)


def _kind_of(row: Row) -> str:
    return row.sync_kind or row.name.partition(_PART)[0]
