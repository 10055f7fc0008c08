"""The ErpSync engine and its connections. Source: superoffice PROTOCOL §5, §6.

Running, stopped or unknown is never derived from text: only a boolean `IsRunning` decides (§11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from tui.domain.intervals import Interval
from tui.domain.jtl.workers import Raw
from tui.domain.text import one_line, same_words
from tui.frozen import frozen

ENGINE_NAME = "ErpSync engine"
"""The engine's name on screen."""

_LONGEST_SUMMARY = 80
"""Characters of a message beside the state."""


@frozen
class TableRight:
    """The login's rights on a carrier, as the server reports them: flags as text, and why."""

    mask: str = ""
    reason: str = ""


@frozen
class EngineStatus:
    """A response to GetEngineStatus."""

    running: bool | None
    """None only if `$select` left it out."""
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
        return "engine"

    @property
    def summary(self) -> str:
        """State and message on one short line: `running: Idle`."""
        message = one_line(self.message or "")
        message = (
            message
            if len(message) <= _LONGEST_SUMMARY
            else f"{message[: _LONGEST_SUMMARY - 1].rstrip()}…"
        )
        return f"{self.word}: {message}" if message else self.word

    @property
    def problem(self) -> None:
        """Always None: an unreadable status is an error, not a row."""
        return None


def requested(run: bool) -> str:
    """The state between a request and its observed effect."""
    return "start requested" if run else "stop requested"


@frozen
class EngineObservation:
    """What polls of the engine showed, by our own clock: a run of equal polls."""

    at: datetime
    """The first of them."""
    word: str
    """`running`, `stopped` or `unknown`."""
    message: str
    """The server's message, or the sentence of the failure; of messages that differ only in a number the
    newest."""
    until: datetime | None = None
    """When `message` last changed; None: never."""

    def agrees_with(self, word: str, message: str) -> bool:
        """Whether a poll shows the same, ignoring numbers that change in every poll."""
        return self.word == word and same_words(self.message, message)


def state_since(observations: Sequence[EngineObservation]) -> datetime | None:
    """The first time of the unbroken run of the newest state; None: no poll yet."""
    since = None
    for one in reversed(observations):
        if one.word != observations[-1].word:
            break
        since = one.at
    return since


def last_change(observations: Sequence[EngineObservation]) -> str:
    """How the newest observation differs from the one before; empty: there is none before."""
    if len(observations) < 2:
        return ""
    before, now = observations[-2:]
    return "the message" if before.word == now.word else f"{before.word} → {now.word}"


@frozen
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
    """Values of `ConfigFields` are already masked."""

    @property
    def word(self) -> str:
        """`active`, `inactive` or `unknown`, whether or not it is deleted."""
        return {True: "active", False: "inactive", None: "unknown"}[self.active]
