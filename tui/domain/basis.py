"""What a change rests on: the target's values when the operator began, and what differs since. Pure.

Values are compared as they are shown: what an operator would read the same is no difference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from tui.domain import options
from tui.domain.connections import Priorities
from tui.domain.engine import Connection, EngineStatus
from tui.domain.extensions import Extension
from tui.domain.secrecy import MASKED
from tui.domain.text import brief
from tui.domain.workers import Worker, WorkerOption, WorkerSync

_LONGEST_TOLD = 24
"""Characters of a value on one line."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that a change rests on."""

    key: str
    """Unique within the target: `Interval`, an option's identifier, `Status`."""
    label: str
    """What a person calls it."""
    value: str = field(repr=False)
    """In words, as it is compared; it may be secret."""
    secret: bool = False
    """Whether it may be told to nobody and kept nowhere."""

    @property
    def shown(self) -> str:
        """As it is told."""
        return _shown(self.value) if self.secret else self.value


Basis: TypeAlias = tuple[Facet, ...]
"""A target as an operator saw it; empty where a change rests on nothing."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One value that is no longer what it was."""

    key: str
    label: str
    opened: str | None
    """None: it was not there."""
    now: str | None
    """None: it is no longer there."""
    secret: bool = False


LISTED = ("ExtensionId", "ExtensionId")
"""Key and label of a new thing whose name was listed already."""


NAME = "@name"
"""Key of what a person calls the target. A basis may lack it: an answer, or a draft, may not tell it."""


def name_in(basis: Basis) -> str:
    """What a person calls the target; empty where that is not told."""
    return next((facet.value for facet in basis if facet.key == NAME), "")


def drift(opened: Basis, now: Basis) -> tuple[Drift, ...]:
    """What differs between the two, in the order of `opened`, then what is new."""
    return tuple(_drift(opened, now))


def _drift(opened: Basis, now: Basis) -> Iterator[Drift]:
    current = {facet.key: facet for facet in now}
    known = {facet.key for facet in opened}
    if NAME not in known or NAME not in current:
        opened = tuple(facet for facet in opened if facet.key != NAME)
        current.pop(NAME, None)
    for facet in opened:
        found = current.pop(facet.key, None)
        if found is None:
            yield Drift(facet.key, facet.label, facet.value, None, facet.secret)
        elif found.value != facet.value:
            yield Drift(facet.key, facet.label, facet.value, found.value, facet.secret)
    for facet in current.values():
        yield Drift(facet.key, facet.label, None, facet.value, facet.secret)


def told(drifts: Iterable[Drift]) -> str:
    """What differs, on one line; long values are shortened."""
    return ", ".join(
        f"{one.label} {_brief(one.opened, one.secret)} → {_brief(one.now, one.secret)}" for one in drifts
    )


def _brief(value: str | None, secret: bool) -> str:
    if value is None:
        return "not there"
    if secret:
        return _shown(value)
    return brief(value, _LONGEST_TOLD)


def of_sync(sync: WorkerSync) -> Basis:
    """What configuring a sync rests on: its name, its interval and every option."""
    interval = Facet("Interval", "Interval", sync.interval.shown)
    return (*_of_name(_sync_name(sync)), interval, *map(_of_option, sync.options))


def _sync_name(sync: WorkerSync) -> str:
    return Worker(sync.id, sync, None).plain_name if sync.kind or sync.channel else ""


def _of_name(name: str) -> Basis:
    return (Facet(NAME, "Name", name),) if name else ()


def _of_option(option: WorkerOption) -> Facet:
    return Facet(option.id, option_name(option), option_value(option), options.is_secret(option))


def recordable(basis: Basis) -> Basis:
    """What of a basis may be kept in a file."""
    return tuple(facet for facet in basis if not facet.secret)


def of_state(worker: Worker) -> Basis:
    """What starting or stopping a sync rests on: its name and state, as the confirmation has them."""
    name = _sync_name(worker.sync) if worker.sync else ""
    return (*_of_name(name), Facet("State", "State", worker.state_word))


def of_extension(extension: Extension) -> Basis:
    """What changing an extension rests on."""
    return (
        *_of_name(extension.extension_id),
        Facet("Version", "Version", extension.version or "not reported"),
        Facet("ManifestHash", "ManifestHash", extension.manifest_hash or "not reported"),
        Facet("Status", "Status", extension.status_word),
    )


def of_engine_state(status: EngineStatus) -> Basis:
    """What starting or stopping the engine rests on."""
    return (Facet("State", "State", status.word),)


def of_engine_interval(status: EngineStatus) -> Basis:
    """What changing the engine's interval rests on."""
    return (Facet("Interval", "Interval", status.interval.shown),)


def of_connection(connection: Connection) -> Basis:
    """What a resync from a connection, or a change of it, rests on."""
    active = {True: "active", False: "inactive", None: "not reported"}[connection.active]
    return (
        Facet("Connection", "Connection", connection.name or "not reported"),
        Facet("State", "State", "deleted" if connection.deleted else active),
    )


def of_priorities(priorities: Priorities) -> Basis:
    """What another order of the connections rests on: the one that they have."""
    return (Facet("Order", "Order", priorities.shown),)


def option_name(option: WorkerOption) -> str:
    """What a person calls an option."""
    return option.name or option.id


def option_value(option: WorkerOption) -> str:
    """An option's value in words; `True` and `true` are one."""
    word = value_word(option.value)
    is_switch = options.is_bool(option) and word.lower() in ("true", "false")
    return word.lower() if is_switch else word


def option_shown(option: WorkerOption, word: str) -> str:
    """A value of an option, in words, as it is told: one that may be a secret is withheld."""
    return _shown(word) if options.is_secret(option) else word


_NO_VALUES = ("not reported", "empty")


def _shown(word: str) -> str:
    return word if word in _NO_VALUES else MASKED


def value_word(value: str | None) -> str:
    """A text in words: what was not reported and what is empty are told apart."""
    return "not reported" if value is None else value or "empty"
