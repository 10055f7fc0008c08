"""What the team wrote about its own failures: `[[runbook]]` of the config. Pure.

It stands under our own explanations, marked as the team's, and goes with alerts.
"""

from collections.abc import Iterable
from types import MappingProxyType

from tui.domain.filter_terms import Record
from tui.domain.filters import Filter, parse_filter
from tui.domain.health.rules import Level
from tui.domain.history.records import State, Subject, SubjectKind
from tui.domain.text import clean, one_line
from tui.frozen import frozen

FIELDS = MappingProxyType(
    {
        **{name: name for name in ("kind", "name", "channel", "state", "health", "message", "id")},
        "profile": "profile",
        "sync": "kind",
    }
)
"""What `when` can be about; `kind` is that of a sync, such as Temu, else `engine`, `connection` …"""
_CALM = (Level.RUNNING, Level.OK)
_PART = " · "


@frozen
class Runbook:
    when: Filter
    """Of which rows it speaks, by `FIELDS`."""
    text: str = ""
    url: str = ""
    call: str = ""
    """Whom to call."""

    @property
    def line(self) -> str:
        """`Renew the token · https://wiki.example/temu · call +49 30 1234`."""
        call = f"call {self.call}" if self.call else ""
        return _PART.join(filter(None, map(_shown, (self.text, self.url, call))))

    @property
    def item(self) -> dict[str, str | None]:
        """As `--json` writes it; the keys are a contract."""
        parts = {"text": self.text, "url": self.url, "call": self.call}
        return {key: _shown(part) or None for key, part in parts.items()}


def read_when(text: str) -> Filter:
    """`when` as a filter; `Filter.problem` says what is wrong with it."""
    return parse_filter(text, FIELDS, ages=(), finished=True)


def runbooks_for(
    runbooks: Iterable[Runbook], profile: str, subject: Subject, state: State
) -> tuple[Runbook, ...]:
    """Those that speak of a subject in this state; none where all is well."""
    if state.level in _CALM:
        return ()
    record = _record(profile, subject, state)
    return tuple(one for one in runbooks if one.when.terms and one.when.matches(record))


def _record(profile: str, subject: Subject, state: State) -> Record:
    kind, channel = subject.kind.value, ""
    if subject.kind is SubjectKind.SYNC:
        kind, _, channel = subject.name.partition(_PART)
    return Record(
        {
            "kind": kind,
            "name": subject.name,
            "channel": channel,
            "state": state.state,
            "health": state.level.name.lower(),
            "message": state.text,
            "id": subject.key,
            "profile": profile,
        }
    )


def _shown(text: str) -> str:
    return one_line(clean(text))
