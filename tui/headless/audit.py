"""`audit` and `audit verify`: the audit trail of one profile, read from its file; no server is
contacted.

Needs no valid config: where the profile is named and has a trail, the config is not even read.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tui.config.file import choose, is_profile_name, read
from tui.domain.redaction import masked_text, masked_tree
from tui.domain.text import counted
from tui.domain.timestamps import stamp
from tui.headless.deadline import process_ends_after
from tui.headless.exit_codes import ATTENTION, HEALTHY
from tui.headless.output import json_text, masked_line, say, screen_width, table
from tui.ops.audit.entries import Entry, History, Standing
from tui.ops.audit.trail_end import Reach
from tui.ops.audit.trail_follower import read_end
from tui.ops.audit.trail_reader import EPOCH, read_trail
from tui.ops.execution.verification import LOOK_FIRST
from tui.ops.operations.kinds import kind_of
from tui.ops.operations.registry import title_of
from tui.paths import shown, trail_path
from tui.presentation.columns import Column, Printed
from tui.session.unsent_rest import UnsentRest, unsent_rests

_MOST = 20_000
"""Newest entries that are shown; entries without outcome are shown in any case."""
_DEMO = "demo"
_EXACT = frozenset(
    {"id", "targets", "plan", "undoes", "path", "request_id", "sha512", "keys", "external_keys"}
)
"""Fields of values that may look like a secret and are none."""
_NARROW = 80
_LEAST = 10


def profile_of(config: Path, asked: str | None) -> str:
    """The profile named on the command line, else the one that the config chooses.

    Raises tui.config.file.ConfigError: the config is needed, and is invalid.
    """
    if asked is not None and is_profile_name(asked) and trail_path(asked).exists():
        return asked
    return choose(read(config), asked)


def in_time(
    answer: Callable[..., int],
    profile: str,
    timeout: float | None,
    *,
    since: datetime | None,
    as_json: bool,
) -> int:
    """`show` or `verify`; past `timeout` seconds the process ends with 3."""

    def late() -> None:
        say(f"timed out after {timeout:g} s while reading the audit trail")

    with process_ends_after(timeout, late):
        return answer(profile, since=since, as_json=as_json)


def without_trail(*, as_json: bool) -> int:
    """The demo keeps no audit trail."""
    _none("the demo keeps no audit trail", _DEMO, as_json=as_json)
    return HEALTHY


def show(profile: str, *, since: datetime | None, as_json: bool) -> int:
    """Print the audit trail, newest first.

    Raises OSError: it cannot be read, or the output cannot be written.
    """
    path = trail_path(profile)
    history = read_end(path, Reach(_MOST, since or EPOCH, back_to=since or EPOCH))
    if not path.exists():
        _none(_no_trail(profile, path), profile, as_json=as_json)
    elif as_json:
        _print_document(profile, history, history.entries)
    else:
        now = datetime.now(UTC)
        rests = [masked_line(rest.words) for rest in unsent_rests(history, None, now)]
        print("\n".join((as_text(history, now, screen_width()), *rests)), flush=True)
    return HEALTHY


def verify(profile: str, *, since: datetime | None, as_json: bool) -> int:
    """Print what needs a check; 1 if anything does. Raises OSError: as `show`."""
    path = trail_path(profile)
    history, now = read_trail(path, _MOST, since or EPOCH), datetime.now(UTC)
    unknown, rests = history.of_unknown_effect(now), unsent_rests(history, None, now)
    if not path.exists():
        _none(_no_trail(profile, path), profile, as_json=as_json)
    elif as_json:
        _print_document(profile, history, unknown)
    else:
        findings = _findings(path, history, unknown, now)
        unsent = [f"{shown(path)}:{rest.plan.line}: {masked_line(rest.words)}" for rest in rests]
        print("\n".join((*unsent, *findings)), flush=True)
    return ATTENTION if unknown or history.broken or rests else HEALTHY


def _no_trail(profile: str, path: Path) -> str:
    return f"profile {profile} has no audit trail yet: nothing was changed from here ({shown(path)})"


def _none(sentence: str, profile: str, *, as_json: bool) -> None:
    if as_json:
        _print_document(profile, History(), ())
    print(sentence, file=sys.stderr if as_json else sys.stdout, flush=True)


# One document.


def _print_document(profile: str, history: History, entries: Sequence[Entry]) -> None:
    now = datetime.now(UTC)
    document = {
        "profile": profile,
        "entries": [_told(masked_tree(_item(entry, history.standing(entry, now)))) for entry in entries],
        "broken": [{"line": one.line, "reason": masked_line(one.reason)} for one in history.broken],
        "left_out": history.left_out,
        "unsent": [_told(_unsent(rest)) for rest in unsent_rests(history, None, now)],
    }
    print(json_text(document), flush=True)


def _told(value: object, name: str = "") -> object:
    """A recorded value without what may be a secret in a text: of a server, or in a file that somebody
    else wrote. What identifies something, and what was sent as keys, stays exact."""
    if name in _EXACT or "hash" in name.casefold():
        return value
    if isinstance(value, str):
        return masked_text(value)
    if isinstance(value, Mapping):
        return {key: _told(one, str(key)) for key, one in value.items()}
    return [_told(one, name) for one in value] if isinstance(value, list | tuple) else value


def _unsent(rest: UnsentRest) -> Mapping[str, object]:
    plan = rest.plan
    return {
        "id": plan.id,
        "time": stamp(plan.at),
        "operation": plan.operation,
        "address": plan.address or None,
        "planned": len(plan.targets),
        "keys": plan.keys_left,
        "targets": [{"id": key, "name": name} for key, name in plan.unsent],
        "rest_files": list(plan.rest_files),
        "obstacle": rest.obstacle or None,
    }


def _item(entry: Entry, standing: Standing) -> Mapping[str, object]:
    has_result = standing not in (Standing.IN_FLIGHT, Standing.NO_OUTCOME)
    return {
        "id": entry.id,
        "time": stamp(entry.at),
        "user": entry.user or None,
        "host": entry.host or None,
        "profile": entry.profile or None,
        "environment": entry.environment or None,
        "address": entry.address or None,
        "operation": entry.operation,
        "targets": list(entry.targets),
        "target_names": list(entry.target_names),
        "before": dict(entry.before),
        "after": dict(entry.after),
        "sent": dict(entry.sent),
        "plan": entry.plan or None,
        "undoes": entry.undoes or None,
        "in_flight": standing is Standing.IN_FLIGHT,
        "result": standing.value if has_result else None,
        "result_at_first": entry.result,
        "sentence": entry.sentence or None,
        "ended_at": stamp(entry.ended_at),
        "status": entry.status,
        "request_id": entry.request_id or None,
        "responses": [{**asdict(one), "request_id": one.request_id or None} for one in entry.responses],
        "checks": [
            {"time": stamp(one.at), "result": one.result, "sentence": one.sentence}
            for one in entry.checks
        ],
    }


# A table.


def as_text(history: History, now: datetime, screen: int | None) -> str:
    """The table with a line of counts below; on a screen it is cut to `screen` columns, at least 80."""
    target = 14 + max(0, (screen or _NARROW) - _NARROW) // 2
    columns = (
        Column("time", "Time (UTC)", printed=Printed(19)),
        Column("user", "User", printed=Printed(8)),
        Column("operation", "Operation", printed=Printed(16)),
        Column("target", "Target", printed=Printed(target)),
        Column("result", "Result", printed=Printed(11)),
        Column("sentence", "Message", printed=Printed()),
    )
    standings = [history.standing(entry, now) for entry in history.entries]
    rows = [
        _row(entry, standing, "%m-%d %H:%M" if screen else "%Y-%m-%d %H:%M:%S")
        for entry, standing in zip(history.entries, standings, strict=True)
    ]
    lines = [*table(columns, rows, screen, _LEAST), ""] if rows else []
    return "\n".join([*lines, _summary(history, standings)])


def _row(entry: Entry, standing: Standing, time: str) -> Mapping[str, str]:
    message = entry.checks[-1].dated if entry.checks else entry.sentence
    return {
        "time": entry.at.strftime(time),
        "user": entry.user,
        "operation": title_of(entry.operation),
        "target": masked_line(entry.target),
        "result": standing.value,
        "sentence": masked_line(message),
    }


def _summary(history: History, standings: Sequence[Standing]) -> str:
    count = len(standings)
    missing, lost = standings.count(Standing.NO_OUTCOME), standings.count(Standing.UNKNOWN)
    broken = len(history.broken) + history.more_broken
    parts = (
        f"{count} entr{'y' if count == 1 else 'ies'}",
        f"{missing} without outcome: see syncdeck audit verify" if missing else "",
        f"{lost} unknown: see syncdeck audit verify" if lost else "",
        f"{counted(broken, 'line')} unreadable: see syncdeck audit verify" if broken else "",
        f"{history.left_out} older not listed: --since limits the list" if history.left_out else "",
    )
    return " · ".join(filter(None, parts))


# What needs a look.


def _findings(path: Path, history: History, unknown: Sequence[Entry], now: datetime) -> list[str]:
    where = shown(path)
    broken = len(history.broken) + history.more_broken
    missing = history.without_outcome(now)
    lines = [
        *(f"{where}:{entry.line}: no outcome: {_what(entry)}" for entry in reversed(missing)),
        *(
            f"{where}:{entry.line}: unknown: {_what(entry)}: {_why(entry)}"
            for entry in reversed(unknown)
            if entry not in missing
        ),
        *(f"{where}:{one.line}: {masked_line(one.reason)}" for one in history.broken),
    ]
    if history.more_broken:
        lines.append(f"{where}: {history.more_broken} more unreadable lines")
    if not lines:
        count = len(history.entries) + history.left_out
        entries = f"{count} entr{'y' if count == 1 else 'ies'}"
        flying = sum(history.is_in_flight(entry, now) for entry in history.entries)
        known = f"{entries}, {flying} on its way" if flying else entries
        return [f"no unreadable line and no missing or unknown outcome: {known} ({where})"]
    if unknown:
        lost = len(unknown) - len(missing)
        kinds = (
            f"{counted(len(missing), 'attempt')} without outcome" if missing else "",
            counted(lost, "unknown outcome") if lost else "",
        )
        whether = "whether it took effect is unknown"
        lines += ["", f"{', '.join(filter(None, kinds))}: {whether}.", *_LOOK]
    if broken:
        lines += [
            "",
            f"{counted(broken, 'line')} unreadable: these records of the audit trail are lost.",
            *_KEEP,
        ]
    return lines


_LOOK = (
    "Check the target before you send it again; Activity (5) in the console shows",
    "its values before, and what was sent.",
)
_KEEP = (
    "syncdeck never rewrites the file. When you have checked it, move it away and keep it:",
    "the next change starts a new file.",
)


def _why(entry: Entry) -> str:
    """What is known of its result, and what to do."""
    found = entry.checks[-1].dated if entry.checks else entry.sentence
    step = LOOK_FIRST if entry.write is None else kind_of(entry.write).before_again
    return masked_line(" · ".join(filter(None, (found, step))))


def _what(entry: Entry) -> str:
    by = " on ".join(filter(None, (entry.user, entry.host)))
    return masked_line(
        f"{title_of(entry.operation)} · {entry.target}, {entry.at:%Y-%m-%d %H:%M:%S} UTC"
        f"{f', by {by}' if by else ''} (id {entry.id})"
    )
