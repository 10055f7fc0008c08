"""The ErpSync engine and its connections. Source: superoffice-erpsync §5, §6.

Running, stopped or unknown is never derived from text: only a boolean `IsRunning` says so (§11).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.intervals import Interval
from tui.domain.text import one_line
from tui.domain.workers import Raw

ENGINE_NAME = "ErpSync engine"
"""What a person calls the one engine."""

_LONGEST_TOLD = 80
"""Characters of a message beside the state."""
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class TableRight:
    """Access to a carrier as the server reports it: flags as text, and why."""

    mask: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """One answer of GetEngineStatus."""

    running: bool | None
    """None only where `$select` left it out."""
    message: str | None
    interval: Interval
    table_right: TableRight | None = None
    field_properties: Mapping[str, object] | None = field(default=None, hash=False)
    raw: Raw = field(default_factory=dict, repr=False, hash=False)

    @property
    def word(self) -> str:
        """`running`, `stopped` or `unknown`."""
        return {True: "running", False: "stopped", None: "unknown"}[self.running]

    @property
    def id(self) -> str:
        """There is one engine."""
        return "engine"

    @property
    def told(self) -> str:
        """State and message on one short line: `running: Idle`."""
        said = one_line(self.message or "")
        said = said if len(said) <= _LONGEST_TOLD else f"{said[: _LONGEST_TOLD - 1].rstrip()}…"
        return f"{self.word}: {said}" if said else self.word

    @property
    def problem(self) -> None:
        """What could not be read was no answer at all."""
        return None


def requested(run: bool) -> str:
    """The state from a request on until its effect is seen."""
    return "start requested" if run else "stop requested"


@dataclass(frozen=True, slots=True)
class EngineObservation:
    """What polls of the engine showed, at our own clock: one after the other, as long as they agree."""

    at: datetime
    """The first of them."""
    word: str
    """`running`, `stopped` or `unknown`."""
    message: str
    """The server's message, or the sentence of the failure; where only a number in it changed, the
    newest."""
    until: datetime | None = None
    """When `message` was last another one; None: it has always been this one."""

    def agrees_with(self, word: str, message: str) -> bool:
        """Whether a poll shows the same, but for numbers that count by themselves."""
        return self.word == word and _NUMBERS.sub("", self.message) == _NUMBERS.sub("", message)


def state_since(observations: Sequence[EngineObservation]) -> datetime | None:
    """From when on the newest state was seen without a break; None: nothing was seen yet."""
    since = None
    for one in reversed(observations):
        if one.word != observations[-1].word:
            break
        since = one.at
    return since


def last_change(observations: Sequence[EngineObservation]) -> str:
    """What the newest observation differs in from the one before; empty: there is none before."""
    if len(observations) < 2:
        return ""
    before, now = observations[-2:]
    return "the message" if before.word == now.word else f"{before.word} → {now.word}"


@dataclass(frozen=True, slots=True)
class Connection:
    """One ErpSync connection; configuration values are never kept."""

    id: int
    name: str = ""
    description: str = ""
    active: bool | None = None
    deleted: bool = False
    connector_id: int | None = None
    guid: str = ""
    most_recent: str = ""
    """The connector's own mark; opaque."""
    config_field_names: tuple[str, ...] = ()
    problem: str | None = None
    doubled: bool = False
    """Whether another row of the same list has its identifier: a write could reach either."""
    raw: Raw = field(default_factory=dict, repr=False, hash=False)
    """Values of `ConfigFields` are masked before they get here."""
