"""The baseline of a change: the target's values when the operator began, and what differs since. Pure.

Compares values as they are displayed: values that read the same do not differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import TypeAlias

from tui.domain.jtl import worker_options as options
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import Worker, WorkerOption, WorkerSync
from tui.domain.redaction import MASKED
from tui.domain.superoffice.connections import Priorities
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.text import brief
from tui.frozen import frozen

_LONGEST_TOLD = 24
"""Maximum characters of a value on one line."""


@frozen
class BaselineValue:
    key: str
    """Unique within the target: `Interval`, an option's identifier, `Status`."""
    label: str
    """Its name on screen."""
    value: str = field(repr=False)
    """In words, as it is compared; it may be secret."""
    secret: bool = False
    """Whether it must not be displayed or stored."""

    @property
    def shown(self) -> str:
        return _shown(self.value) if self.secret else self.value


Baseline: TypeAlias = tuple[BaselineValue, ...]
"""A target as an operator saw it; empty for a change that depends on no values."""


@frozen
class Difference:
    key: str
    label: str
    opened: str | None
    """None: it did not exist."""
    now: str | None
    """None: it no longer exists."""
    secret: bool = False


LISTED = ("ExtensionId", "ExtensionId")
"""Key and label of a new target whose name was listed already."""


NAME = "@name"
"""Key of what a person calls the target. A basis may lack it: an answer, or a draft, may not tell it."""


def name_in(baseline: Baseline) -> str:
    """What a person calls the target; empty where that is unknown."""
    return next((facet.value for facet in baseline if facet.key == NAME), "")


def drift(opened: Baseline, now: Baseline) -> tuple[Difference, ...]:
    """The differences in the order of `opened`, then new values."""
    return tuple(_drift(opened, now))


def _drift(opened: Baseline, now: Baseline) -> Iterator[Difference]:
    current = {facet.key: facet for facet in now}
    known = {facet.key for facet in opened}
    if NAME not in known or NAME not in current:
        opened = tuple(facet for facet in opened if facet.key != NAME)
        current.pop(NAME, None)
    for facet in opened:
        found = current.pop(facet.key, None)
        if found is None:
            yield Difference(facet.key, facet.label, facet.value, None, facet.secret)
        elif found.value != facet.value:
            yield Difference(facet.key, facet.label, facet.value, found.value, facet.secret)
    for facet in current.values():
        yield Difference(facet.key, facet.label, None, facet.value, facet.secret)


def differences_text(drifts: Iterable[Difference]) -> str:
    """The differences on one line; long values are shortened."""
    return ", ".join(
        f"{one.label} {_brief(one.opened, one.secret)} → {_brief(one.now, one.secret)}" for one in drifts
    )


def _brief(value: str | None, secret: bool) -> str:
    if value is None:
        return "not there"
    if secret:
        return _shown(value)
    return brief(value, _LONGEST_TOLD)


def of_sync(sync: WorkerSync) -> Baseline:
    """For configuring a sync: its name, its interval and every option."""
    interval = BaselineValue("Interval", "Interval", sync.interval.shown)
    return (*_of_name(sync.called), interval, *map(_of_option, sync.options))


def _of_name(name: str) -> Baseline:
    return (BaselineValue(NAME, "Name", name),) if name else ()


def _of_option(option: WorkerOption) -> BaselineValue:
    return BaselineValue(option.id, option_name(option), option_value(option), options.is_secret(option))


def recordable(baseline: Baseline) -> Baseline:
    """The part of a baseline that may be stored in a file."""
    return tuple(facet for facet in baseline if not facet.secret)


def of_state(worker: Worker) -> Baseline:
    """For starting or stopping a sync: its name and the state that the confirmation names."""
    name = worker.sync.called if worker.sync else ""
    return (*_of_name(name), BaselineValue("State", "State", worker.state_word))


def of_extension(extension: Extension) -> Baseline:
    return (
        *_of_name(extension.extension_id),
        BaselineValue("Version", "Version", extension.version or "not reported"),
        BaselineValue("ManifestHash", "ManifestHash", extension.manifest_hash or "not reported"),
        BaselineValue("Status", "Status", extension.status_word),
    )


def of_engine_state(status: EngineStatus) -> Baseline:
    return (BaselineValue("State", "State", status.word),)


def of_engine_interval(status: EngineStatus) -> Baseline:
    return (BaselineValue("Interval", "Interval", status.interval.shown),)


def of_connection(connection: Connection) -> Baseline:
    """For a resync from a connection, or a change of it."""
    active = {True: "active", False: "inactive", None: "not reported"}[connection.active]
    return (
        BaselineValue("Connection", "Connection", connection.name or "not reported"),
        BaselineValue("State", "State", "deleted" if connection.deleted else active),
    )


def of_priorities(priorities: Priorities) -> Baseline:
    """For changing the order of the connections."""
    return (BaselineValue("Order", "Order", priorities.shown),)


def option_name(option: WorkerOption) -> str:
    return option.name or option.id


def option_value(option: WorkerOption) -> str:
    """An option's value in words; `True` and `true` are equal."""
    word = value_word(option.value)
    is_switch = options.is_bool(option) and word.lower() in ("true", "false")
    return word.lower() if is_switch else word


def option_shown(option: WorkerOption, word: str) -> str:
    """An option's value as it is displayed: a possible secret is hidden."""
    return _shown(word) if options.is_secret(option) else word


_NO_VALUES = ("not reported", "empty")


def _shown(word: str) -> str:
    return word if word in _NO_VALUES else MASKED


def value_word(value: str | None) -> str:
    """A text in words: distinguishes values not reported from empty ones."""
    return "not reported" if value is None else value or "empty"
