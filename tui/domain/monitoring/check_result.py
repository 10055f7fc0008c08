"""What `check` reports: which problem has which exit code, the summary and the performance data. Pure.

The labels of the performance data and the exit codes are a contract: monitoring systems keep them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import IntEnum

from tui.domain.health.attention import NO_SYNCS
from tui.domain.health.rules import Level, Verdict
from tui.domain.history.records import State, Subject, SubjectKind
from tui.domain.history.since import Since
from tui.domain.maintenance.rules import Seen
from tui.domain.profile import System
from tui.domain.redaction import masked_text
from tui.domain.runbooks import Runbook, runbooks_for
from tui.domain.text import counted
from tui.frozen import frozen


class Code(IntEnum):
    """An exit code of the monitoring plugins."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


_WORST_FIRST = (Code.CRITICAL, Code.UNKNOWN, Code.WARNING, Code.OK)
UNLISTED = "missing"
"""The word for a sync that has to be listed and is not."""
_FAILING = "last run failed: "
_SAID = {"error": "failing"}
"""Words of a verdict that the summary replaces."""


def gravity(code: Code) -> int:
    """A sort key, the gravest first: 2, then 3, 1, 0."""
    return _WORST_FIRST.index(code)


def worst(codes: Iterable[Code]) -> Code:
    """The code that wins."""
    return min(codes, key=gravity, default=Code.OK)


def code_of(verdict: Verdict) -> Code:
    """Error and locked are critical; whatever else needs attention is a warning."""
    if verdict.level in (Level.ERROR, Level.LOCKED):
        return Code.CRITICAL
    return Code.WARNING if verdict.needs_attention else Code.OK


@frozen
class Row:
    """A sync, the engine, a connection; or a problem of a whole list, of kind `system`."""

    kind: SubjectKind
    id: str
    name: str
    verdict: Verdict
    sync_kind: str = ""
    """Such as `Ebay`; empty: the first part of the name."""
    status_at: datetime | None = None
    since: Since | None = None
    explains: bool = False
    """Whether it explains other rows, and does not count beside them."""
    message: str = ""
    """What the server says of it."""
    runbooks: tuple[Runbook, ...] = ()
    """What the team wrote about it."""
    maintenance: str = ""
    """The open maintenance that covers it; empty: none."""
    seen: Seen | None = None
    """What it is doing; None: not read."""
    former: frozenset[str] = frozenset()
    """Names that it had before, where they are recorded."""

    @property
    def is_problem(self) -> bool:
        return self.verdict.needs_attention and not self.maintenance

    @property
    def reason(self) -> str:
        """Without the word that precedes it."""
        return self.verdict.reason.removeprefix(f"{self.verdict.word}: ").removeprefix(_FAILING)


@frozen
class Failure:
    """Why something could not be judged."""

    subject: str
    """Whose failure it is, such as `JTL-Wawi`, unless the sentence says it; empty: the check's own."""
    sentence: str
    code: Code = Code.UNKNOWN

    @property
    def text(self) -> str:
        """Whose it is and why."""
        return self.sentence if self.subject in self.sentence else f"{self.subject}: {self.sentence}"


@frozen
class Observation:
    """What was seen of a profile."""

    profile: str
    rows: tuple[Row, ...] = ()
    """Those that were selected."""
    failures: tuple[Failure, ...] = ()
    read: frozenset[SubjectKind] = frozenset()
    """Kinds whose list was read."""
    response_s: Mapping[System, float] = field(default_factory=dict)
    """Seconds that the slowest read of a system took."""
    runbooks: tuple[Runbook, ...] = ()
    """All that the config has."""
    maintenance: tuple[str, ...] = ()
    """What is in maintenance, a sentence each."""
    missing: tuple[str, ...] = ()
    """Syncs that were named and are not there."""


@frozen
class Perf:
    """A value of the performance data; an empty threshold or limit is not set."""

    value: float
    unit: str = ""
    warn: str = ""
    critical: str = ""
    least: str = ""
    most: str = ""


@frozen
class CheckResult:
    profile: str
    code: Code
    summary: str
    """On one line, without the word of the code."""
    problems: tuple[Row, ...] = ()
    """The worst first."""
    perfdata: Mapping[str, Perf] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    missing: tuple[str, ...] = ()
    """Syncs that were named and are not there."""
    is_beside: bool = False
    """Whether it has nothing of what was selected."""


def judge(seen: Observation, now: datetime) -> CheckResult:
    """`now`: by the clock that the status times were written by."""
    problems = sorted(
        (_told(_with_runbooks(row, seen)) for row in seen.rows if row.is_problem),
        key=lambda row: (not row.explains, gravity(code_of(row.verdict)), row.verdict.level),
    )
    codes = [*(code_of(row.verdict) for row in problems), *(one.code for one in seen.failures)]
    has_sync = any(row.kind is SubjectKind.SYNC for row in seen.rows)
    return CheckResult(
        seen.profile,
        worst(codes),
        _summary(seen),
        tuple(problems),
        _perfdata(seen, problems, now),
        seen.failures,
        seen.missing,
        is_beside=bool(seen.missing) and not (seen.failures or has_sync or _lists_none(seen)),
    )


def absent(sentence: str) -> str:
    """`missing` as a sentence."""
    return f"there is no sync {sentence}"


def of_many(results: Sequence[CheckResult]) -> list[CheckResult]:
    """Results of several profiles for one selection: those that have nothing of it do not count, and
    what none has is missing."""
    read = [one for one in results if not one.failures]
    lost = [
        name for name in (read[0].missing if read else ()) if all(name in one.missing for one in read)
    ]
    kept = [one for one in results if not one.is_beside]
    if lost and len(read) == len(results):
        kept.append(failed("", absent(", ".join(lost))))
    return kept


def _with_runbooks(row: Row, seen: Observation) -> Row:
    if not seen.runbooks:
        return row
    subject = Subject(row.kind, row.id, row.name)
    text = "\n".join((row.reason, row.message))
    state = State(row.verdict.word, row.verdict.level, text)
    return replace(row, runbooks=runbooks_for(seen.runbooks, seen.profile, subject, state))


def _told(row: Row) -> Row:
    """Without what may be a secret: the output goes to pages and mails."""
    verdict = replace(row.verdict, reason=masked_text(row.verdict.reason))
    return replace(row, name=masked_text(row.name), verdict=verdict, message="")


def failed(profile: str, sentence: str) -> CheckResult:
    """The result where nothing could be seen."""
    return judge(Observation(profile, failures=(Failure("", sentence),)), datetime.min)


def _summary(seen: Observation) -> str:
    parts = [*dict.fromkeys(one.text for one in seen.failures)]
    if SubjectKind.SYNC in seen.read:
        parts.append(_tally_of_syncs(seen))
    if lost := sum(row.verdict.word == UNLISTED for row in seen.rows):
        parts.append(f"{counted(lost, 'expected sync')} missing")
    parts += [f"engine {row.verdict.word}" for row in seen.rows if row.kind is SubjectKind.ENGINE]
    for kind in (SubjectKind.CONNECTION, SubjectKind.EXTENSION):
        rows = [row for row in seen.rows if row.kind is kind]
        is_news = not rows or any(row.is_problem for row in rows)
        if kind in seen.read and (is_news or not parts):
            parts.append(_tally(seen, kind))
    return "; ".join((*parts, *seen.maintenance))


def _lists_none(seen: Observation) -> bool:
    """Whether the list of syncs is empty; there may be states of syncs that it lacks."""
    return any(row.kind is SubjectKind.SYSTEM and row.verdict == NO_SYNCS for row in seen.rows)


def _tally_of_syncs(seen: Observation) -> str:
    states = sum(row.kind is SubjectKind.SYNC for row in seen.rows)
    if not (states and _lists_none(seen)):
        return _tally(seen, SubjectKind.SYNC)
    return f"no sync listed, but the status of {states:,}"


def _tally(seen: Observation, kind: SubjectKind) -> str:
    """`1 failing, 1 overdue of 12 syncs`; `no sync reported` for an empty list."""
    rows = [row for row in seen.rows if row.kind is kind]
    if not rows:
        return f"no {kind} reported"
    bad = sorted((row.verdict for row in rows if row.is_problem), key=lambda one: one.level)
    counts = Counter(_SAID.get(one.word, one.word) for one in bad)
    words = ", ".join(f"{count:,} {word}" for word, count in counts.items())
    return f"{words} of {counted(len(rows), kind)}" if words else counted(len(rows), kind)


def _perfdata(seen: Observation, problems: Sequence[Row], now: datetime) -> dict[str, Perf]:
    """What could not be read has no value."""
    found: dict[str, Perf] = {}
    if seen.read and not seen.failures:
        found["attention"] = Perf(sum(not row.explains for row in problems), "", "0", "", "0")
    if SubjectKind.SYNC in seen.read:
        syncs = [row for row in seen.rows if row.kind is SubjectKind.SYNC]
        judged = [row for row in syncs if not row.maintenance]
        levels = Counter(row.verdict.level for row in judged)
        found["errors"] = Perf(levels[Level.ERROR], "", "", "0", "0")
        found["locked"] = Perf(levels[Level.LOCKED], "", "", "0", "0")
        found["overdue"] = Perf(sum(row.verdict.word == "overdue" for row in judged), "", "0", "", "0")
        found["syncs"] = Perf(0 if _lists_none(seen) else len(syncs), least="0")
        on = [row for row in judged if row.verdict.level is not Level.OFF]
        times = [row.status_at for row in on if row.status_at is not None]
        if times:
            found["oldest_status"] = Perf(max(0, int((now - min(times)).total_seconds())), "s")
    for system, seconds in seen.response_s.items():
        found[f"response_{system}"] = Perf(round(seconds, 3), "s", least="0")
    return found
