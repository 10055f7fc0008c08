"""`syncdeck check`: a plugin for Nagios, Icinga, Naemon and Checkmk.

Invariant: one document on stdout, nothing on stderr, and an exit code from 0 to 3, whatever happens.
`cli.check_command` keeps it where something goes wrong before or around this.
"""

import asyncio
import json
import signal
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from tui.config.file import ConfigError
from tui.domain.monitoring.check_result import CheckResult, Code, Failure, Row, failed, of_many
from tui.domain.monitoring.plugin_output import first_line, plugin_text, values_of
from tui.domain.monitoring.selection import Selection
from tui.domain.profile import System
from tui.domain.timestamps import stamp
from tui.frozen import frozen
from tui.headless.deadline import process_ends_after, time_limit
from tui.headless.event_loop import OwnLoop
from tui.headless.fetch import Clock
from tui.headless.monitoring.live_check import check_live
from tui.headless.monitoring.recorded_check import check_recorded
from tui.headless.output import SCHEMA, line
from tui.headless.profile_access import ProfileAccess
from tui.presentation.item import health

_LAST_WAIT = 2.0
"""Seconds after the time limit until the process is ended, whatever holds it, such as a dead disk."""


@frozen
class CheckRequest:
    selection: Selection
    timeout: float = 10.0
    """Seconds for all requests of a profile."""
    unreachable: Code = Code.UNKNOWN
    """The code of a system that did not respond as it should."""
    is_of_all: bool = False
    """Whether profiles that lack what is selected are left out: it may be in another one."""
    from_history: bool = False
    as_json: bool = False


def run(request: CheckRequest, profiles: Sequence[ProfileAccess], clock: Clock) -> int:
    """Check the profiles, print the result and return the exit code.

    Raises OSError: the output could not be written.
    """
    last = request.timeout + _LAST_WAIT
    with process_ends_after(last, lambda: _late(request)), OwnLoop() as loop:
        results, number = loop.run(_all(request, profiles, clock))
    if results is None:
        results = [failed("", f"ended by {signal.Signals(number).name}")]
    of_all = request.is_of_all and len(profiles) > 1
    return write(results, clock(), as_json=request.as_json, of_all=of_all)


def write(results: Sequence[CheckResult], now: datetime, *, as_json: bool, of_all: bool = False) -> int:
    """Raises OSError: the output could not be written."""
    text = _json(results, now, of_all=of_all) if as_json else plugin_text(results, now, of_all=of_all)
    print(text, flush=True)
    return first_line(results, now, of_all=of_all)[0]


async def _all(
    request: CheckRequest, profiles: Sequence[ProfileAccess], clock: Clock
) -> Sequence[CheckResult]:
    if not request.is_of_all:
        return await asyncio.gather(*(_one(request, access, clock) for access in profiles))
    meant = [access for access in profiles if _is_meant(request, access)]
    if not meant:
        names = " or ".join(system.product for system in request.selection.systems)
        return [failed("", f"no profile configures {names}")]
    return of_many(await asyncio.gather(*(_one(request, access, clock) for access in meant)))


def _is_meant(request: CheckRequest, access: ProfileAccess) -> bool:
    """Whether it has a system that is selected; what is not known yet will be said."""
    try:
        systems = access.systems()
    except ConfigError:
        return True
    return not systems or not systems.isdisjoint(request.selection.systems)


async def _one(request: CheckRequest, access: ProfileAccess, clock: Clock) -> CheckResult:
    try:
        if request.from_history:
            return await _from_history(request, access, clock)
        profile = access.service()
    except ConfigError as error:
        return failed(access.name, line(str(error)))

    try:
        with time_limit(request.timeout):
            return await check_live(
                profile,
                request.selection,
                clock,
                request.unreachable,
                is_one_of_many=request.is_of_all,
            )
    finally:
        await profile.service.aclose()


async def _from_history(request: CheckRequest, access: ProfileAccess, clock: Clock) -> CheckResult:
    recorded = access.recorded()
    try:
        async with asyncio.timeout(request.timeout):
            return await asyncio.to_thread(
                partial(check_recorded, is_one_of_many=request.is_of_all),
                recorded,
                access.systems(),
                request.selection,
                request.unreachable,
                clock(),
            )
    except TimeoutError:
        said = f"timed out after {request.timeout:g} s while reading the history"
        return failed(access.name, said)


def _late(request: CheckRequest) -> None:
    said = f"timed out after {request.timeout:g} s while reading local files"
    write([failed("", said)], datetime.min, as_json=request.as_json)


def _json(results: Sequence[CheckResult], now: datetime, *, of_all: bool) -> str:
    """Of one profile its document; of all one document with all of theirs."""
    if not of_all:
        document: dict[str, object] = {"schema": SCHEMA, **_document(results[0])}
    else:
        code, summary = first_line(results, now, of_all=of_all)
        profiles = [_document(one) for one in results]
        document = {"schema": SCHEMA, "exit": code, "summary": summary, "profiles": profiles}
    return json.dumps(document, indent=2, allow_nan=False)


def _document(result: CheckResult) -> dict[str, object]:
    return {
        "profile": result.profile or None,
        "exit": result.code,
        "summary": line(result.summary),
        "problems": [
            *(_unread(result, one) for one in dict.fromkeys(result.failures)),
            *(_problem(row) for row in result.problems),
        ],
        "perfdata": values_of(result.perfdata),
    }


def _unread(result: CheckResult, failure: Failure) -> dict[str, object]:
    """What could not be judged: a system, or the whole profile."""
    system = next((one for one in System if one.product == failure.subject), None)
    return {
        "kind": "system" if system else "profile",
        "id": system or result.profile or None,
        "name": failure.subject or result.profile or None,
        "health": "error" if failure.code is Code.CRITICAL else "unknown",
        "reason": line(failure.sentence),
        "since": None,
    }


def _problem(row: Row) -> dict[str, object]:
    more = {"runbooks": [one.item for one in row.runbooks]} if row.runbooks else {}
    return {
        "kind": row.kind.value,
        "id": line(row.id),
        "name": line(row.name) or None,
        "health": health(row.verdict),
        "reason": line(row.verdict.reason) or None,
        "since": stamp(row.since.at) if row.since is not None else None,
        **more,
    }
