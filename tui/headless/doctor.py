"""`doctor`: looks at terminal, files and both systems, and says what is wrong and what helps.

Asks only; nothing is changed. What is on this machine is written at once, the systems follow when
each of them has answered or has run out of time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tui.config.file import ConfigError, read
from tui.domain.doctor import Check, Section, Trouble, clock, fail, latency, request_rate, skipped
from tui.domain.doctor_terminal import terminal_checks
from tui.domain.systems import System
from tui.headless import doctor_output as output
from tui.headless import exitcodes
from tui.headless.doctor_calls import call_checks, doubts, examine, pages
from tui.headless.doctor_files import config_checks, state_checks
from tui.headless.doctor_reads import calls_of
from tui.headless.loop import own_loop
from tui.headless.terminal_facts import terminal_facts
from tui.store.snapshot import Topic
from tui.wiring import Patient

SYSTEM_SECONDS = 18.0
"""For everything that is asked of one system."""
_CODES = {
    Trouble.ATTENTION: exitcodes.ATTENTION,
    Trouble.CONFIGURATION: exitcodes.UNUSABLE,
    Trouble.UNREACHABLE: exitcodes.UNREACHABLE,
    Trouble.UNAUTHORISED: exitcodes.UNAUTHORISED,
    Trouble.BAD_ANSWER: exitcodes.BAD_ANSWER,
}


def run(make_patient: Callable[[], Patient], config: Path | None, *, as_json: bool) -> int:
    """Look at everything, write it, and say the exit code.

    `config`: the file that the profile comes from; None for the demo, which also keeps no state.

    Raises:
        OSError: the output could not be written.
    """
    patient, refused = _admitted(make_patient)
    profile, now = patient.facts.name if patient else None, datetime.now(UTC)
    sections: list[Section] = []

    def tell(section: Section) -> None:
        sections.append(section)
        if not as_json:
            print(f"\n{output.as_text(section)}", flush=True)

    if not as_json:
        print(output.head(profile, now), flush=True)
    with own_loop() as loop:
        _, number = loop.run(_examined(patient, config, refused, tell))
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


def _admitted(make_patient: Callable[[], Patient]) -> tuple[Patient | None, tuple[str, ...]]:
    """The patient, or why the config gives none."""
    try:
        return make_patient(), ()
    except ConfigError as error:
        return None, error.sentences


async def _examined(
    patient: Patient | None,
    config: Path | None,
    refused: tuple[str, ...],
    tell: Callable[[Section], None],
) -> None:
    facts = await terminal_facts(_withheld(config))
    terminal = Section("terminal", "Terminal", terminal_checks(facts))
    tell(terminal)
    tell(Section("files", "This machine", tuple(_files(patient, config, refused))))
    if patient is None:
        return
    asked = [system for system in System if system in patient.facts.systems]
    try:
        for section in await asyncio.gather(*(_system(patient, system) for system in asked)):
            tell(section)
    finally:
        await patient.service.aclose()


def _withheld(config: Path | None) -> frozenset[str]:
    """The variables that hold secrets, also of a config that gives no patient."""
    try:
        return frozenset() if config is None else read(config).variables
    except ConfigError:
        return frozenset()


def _files(patient: Patient | None, config: Path | None, refused: tuple[str, ...]) -> Iterator[Check]:
    there = config is not None and config.exists()
    step = "Correct it, then `syncdeck config validate`" if there else "Or try `syncdeck --demo` first"
    yield from (fail("config", sentence, step, Trouble.CONFIGURATION) for sentence in refused)
    if config is None:
        yield skipped("config", "the demo needs none, and keeps nothing")
    elif patient is not None:
        yield from config_checks(config, patient.warnings)
        yield from state_checks(patient.facts.name)


async def _system(patient: Patient, system: System) -> Section:
    title = f"{system.product} · {patient.probe.address(system)}"
    reach, about, calls = await asyncio.gather(
        _in_time(patient.probe.reach(system), "network"),
        _in_time(_about(patient, system), "GET /api"),
        _in_time(_calls(patient, system), "calls"),
    )
    found = (*reach, *about, *calls)
    return Section(system.value, title, tuple(_safe(check, patient, system) for check in found))


def _safe(check: Check, patient: Patient, system: System) -> Check:
    mask = patient.probe.masked
    return replace(check, finding=mask(check.finding, system), remedy=mask(check.remedy, system))


async def _in_time(looking: Awaitable[tuple[Check, ...]], name: str) -> tuple[Check, ...]:
    try:
        async with asyncio.timeout(SYSTEM_SECONDS):
            return await looking
    except TimeoutError:
        why = f"was not done within {SYSTEM_SECONDS:g} s"
        return (fail(name, why, "Ask again; then look at the server's load", Trouble.UNREACHABLE),)


async def _about(patient: Patient, system: System) -> tuple[Check, ...]:
    found = await patient.probe.about(system)
    return () if found is None else (found,)


async def _calls(patient: Patient, system: System) -> tuple[Check, ...]:
    """Secrets, then the calls that need them, then what both have told."""
    secrets = await patient.probe.secrets(system)
    calls = calls_of(system, patient.service)
    if any(check.trouble is Trouble.UNAUTHORISED for check in secrets):
        left = (skipped(call.name, "not asked: a secret is missing") for call in calls)
        return (*secrets, *left, _rate(patient, system, {}))
    findings = await examine(calls, system)
    version = patient.probe.version(system)
    return (
        *secrets,
        *call_checks(findings),
        *doubts(findings),
        skipped("writes", "their scopes are not testable without changing something"),
        *([] if version is None else [version]),
        latency(findings.seconds),
        clock(patient.service.clock_offset(system)),
        _rate(patient, system, pages(findings)),
    )


def _rate(patient: Patient, system: System, requests: dict[Topic, int]) -> Check:
    every = {t.value: seconds for t, seconds in patient.intervals.items() if t.system is system}
    return request_rate(every, {topic.value: count for topic, count in requests.items()})
