"""`doctor` checks the terminal, files and both systems, and reports problems and remedies.

It only reads. Checks of this machine are written at once, those of a system when it has responded or
has run out of time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tui.api.errors import TimedOut
from tui.config.file import ConfigError, read
from tui.domain.check import Check, Section, Trouble, clock, fail, latency, request_rate, skipped
from tui.domain.checks.terminal_checks import terminal_checks
from tui.domain.profile import System
from tui.headless import exit_codes as exitcodes
from tui.headless.deadline import in_time, time_limit
from tui.headless.doctor import output
from tui.headless.doctor.calls import call_checks, doubts, examine, pages
from tui.headless.doctor.files import config_checks, history_check, state_checks
from tui.headless.doctor.reads import about_server, calls_of
from tui.headless.doctor.target import DoctorTarget
from tui.headless.doctor.terminal import terminal_facts
from tui.headless.event_loop import OwnLoop
from tui.store.snapshot import Topic

SYSTEM_SECONDS = 18.0
"""Seconds for all checks of one system."""
_LAST_WAIT = 0.5
"""Seconds after `--timeout` in which a system's checks end."""
_CODES = {
    Trouble.ATTENTION: exitcodes.ATTENTION,
    Trouble.CONFIGURATION: exitcodes.UNUSABLE,
    Trouble.UNREACHABLE: exitcodes.UNREACHABLE,
    Trouble.UNAUTHORISED: exitcodes.UNAUTHORISED,
    Trouble.BAD_ANSWER: exitcodes.BAD_ANSWER,
}


def run(
    make_target: Callable[[], DoctorTarget],
    config: Path | None,
    *,
    as_json: bool,
    timeout: float | None = None,
) -> int:
    """Check everything, write the report, and return the exit code.

    `config`: the profile's file; None for the demo, which also stores no state. `timeout`: seconds for
    the requests; what has not responded by then is unreachable.

    Raises OSError: the output could not be written.
    """
    target, refused = _admitted(make_target)
    profile, now = target.facts.name if target else None, datetime.now(UTC)
    sections: list[Section] = []

    def write(section: Section) -> None:
        sections.append(section)
        if not as_json:
            print(f"\n{output.as_text(section)}", flush=True)

    if not as_json:
        print(output.head(profile, now), flush=True)
    with OwnLoop() as loop:
        _, number = loop.run(_examined(target, config, refused, write, timeout))
    if number:
        return 128 + number
    print(
        output.as_json(profile, sections, now) if as_json else f"\n{output.tail(sections)}", flush=True
    )
    return exitcodes.worst(
        _CODES[check.trouble]
        for section in sections
        for check in section.checks
        if check.trouble is not None
    )


def _admitted(make_target: Callable[[], DoctorTarget]) -> tuple[DoctorTarget | None, tuple[str, ...]]:
    """The target, or the problems of the config."""
    try:
        return make_target(), ()
    except ConfigError as error:
        return None, error.sentences


async def _examined(
    target: DoctorTarget | None,
    config: Path | None,
    refused: tuple[str, ...],
    write: Callable[[Section], None],
    timeout_s: float | None,
) -> None:
    facts = await terminal_facts(_hidden(config))
    terminal = Section("terminal", "Terminal", terminal_checks(facts))
    write(terminal)
    write(Section("files", "This machine", tuple(_files(target, config, refused))))
    if target is None:
        return
    asked = [system for system in System if system in target.facts.systems]
    most = SYSTEM_SECONDS if timeout_s is None else min(SYSTEM_SECONDS, timeout_s + _LAST_WAIT)
    try:
        with time_limit(timeout_s):
            found = await asyncio.gather(*(_system(target, system, most) for system in asked))
        for section in found:
            write(section)
    finally:
        await target.service.aclose()


def _hidden(config: Path | None) -> frozenset[str]:
    """The variables that hold secrets, also of an invalid config."""
    try:
        return frozenset() if config is None else read(config).variables
    except ConfigError:
        return frozenset()


def _files(
    target: DoctorTarget | None, config: Path | None, refused: tuple[str, ...]
) -> Iterator[Check]:
    there = config is not None and config.exists()
    step = "Correct it, then `syncdeck config validate`" if there else "Or try `syncdeck --demo` first"
    yield from (fail("config", sentence, step, Trouble.CONFIGURATION) for sentence in refused)
    if config is None:
        yield skipped("config", "the demo needs none, and stores nothing")
    elif target is not None:
        yield from config_checks(config, target.warnings)
        yield from state_checks(target.facts.name)
        if target.history is not None:
            yield history_check(target.history, datetime.now(UTC))


async def _system(target: DoctorTarget, system: System, seconds: float) -> Section:
    title = f"{system.product} · {target.probe.address(system)}"
    reach, about, calls = await asyncio.gather(
        _in_time(target.probe.reach(system), "network", seconds),
        _in_time(_about(target, system), "GET /api", seconds),
        _in_time(_calls(target, system), "calls", seconds),
    )
    found = (*reach, *about, *calls)
    return Section(system.value, title, tuple(_safe(check, target, system) for check in found))


def _safe(check: Check, target: DoctorTarget, system: System) -> Check:
    mask = target.probe.masked
    return replace(check, finding=mask(check.finding, system), remedy=mask(check.remedy, system))


async def _in_time(
    looking: Awaitable[tuple[Check, ...]], name: str, seconds: float
) -> tuple[Check, ...]:
    try:
        async with asyncio.timeout(seconds):
            return await looking
    except TimeoutError:
        why = f"did not finish within {seconds:g} s"
        return (fail(name, why, "Try again, then check the server's load", Trouble.UNREACHABLE),)
    except TimedOut as late:
        return (fail(name, late.sentence, late.next_step, Trouble.UNREACHABLE),)


async def _about(target: DoctorTarget, system: System) -> tuple[Check, ...]:
    found = await target.probe.about(system)
    return () if found is None else (found,)


async def _calls(target: DoctorTarget, system: System) -> tuple[Check, ...]:
    """Secrets, then the calls that need them, then checks on the responses."""
    secrets = await in_time(system, target.probe.secrets(system))
    calls = calls_of(system, target.service)
    if any(check.trouble is Trouble.UNAUTHORISED for check in secrets):
        left = (skipped(call.name, "not requested: a secret is missing") for call in calls)
        return (*secrets, *left, _rate(target, system, {}))
    findings = await examine(calls, system)
    version = target.probe.version(system)
    return (
        *secrets,
        *call_checks(findings),
        *doubts(findings),
        skipped("writes", "their scopes are not testable without changing something"),
        *([] if version is None else [version]),
        *(await about_server(target, system) if findings.seconds else ()),
        latency(findings.seconds),
        clock(target.service.clock_offset(system)),
        _rate(target, system, pages(findings)),
    )


def _rate(target: DoctorTarget, system: System, requests: dict[Topic, int]) -> Check:
    every = {t.value: seconds for t, seconds in target.intervals.items() if t.system is system}
    return request_rate(every, {topic.value: count for topic, count in requests.items()})
