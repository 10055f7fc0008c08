"""A one-shot command with `--all`: every profile at once, each with its name and the time. A profile
that fails leaves the others intact."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tui.config.file import ConfigError
from tui.domain.elapsed import utc_now
from tui.domain.timestamps import iso
from tui.frozen import frozen
from tui.headless import output
from tui.headless.deadline import asked
from tui.headless.event_loop import OwnLoop
from tui.headless.exit_codes import UNUSABLE, SystemState, worst
from tui.headless.one_shot import COMMANDS
from tui.headless.profile_access import ProfileAccess
from tui.headless.report import Report


@frozen
class _Read:
    name: str
    at: datetime
    report: Report | None = None
    """None: its config cannot be used, see `error`."""
    error: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        return UNUSABLE if self.report is None else self.report.exit_code

    @property
    def is_complete(self) -> bool:
        if self.report is None:
            return False
        states = [answer.state for answer in self.report.systems.values()]
        return all(state in (None, SystemState.OK, SystemState.ABSENT) for state in states)


def run(
    command: str, profiles: Sequence[ProfileAccess], *, as_json: bool, timeout: float | None = None
) -> int:
    """Read, print and return the worst exit code. Raises OSError: the output could not be written."""
    with OwnLoop() as loop:
        found, number = loop.run(_all(command, profiles, timeout))
    if found is None:
        return 128 + number
    print(_json(found) if as_json else "\n\n".join(map(_text, found)), flush=True)
    for one in found:
        for sentence in _complaints(one):
            output.say(f"{one.name}: {sentence}")
    return worst(one.code for one in found)


async def _all(
    command: str, profiles: Sequence[ProfileAccess], timeout_s: float | None
) -> Sequence[_Read]:
    return await asyncio.gather(*(_one(command, profile, timeout_s) for profile in profiles))


async def _one(command: str, profile: ProfileAccess, timeout_s: float | None) -> _Read:
    try:
        handle = profile.service()
    except ConfigError as error:
        return _Read(profile.name, utc_now(), error="; ".join(error.sentences))
    report = await asked(COMMANDS[command](handle, utc_now), handle.service, timeout_s)
    warnings = (*handle.warnings, *handle.service.warnings)
    return _Read(profile.name, utc_now(), report, warnings=warnings)


def _text(one: _Read) -> str:
    head = f"{output.line(one.name)} · {one.at:%H:%M:%S} UTC"
    body = output.line(one.error)
    if one.report is not None:
        body = output.as_text(one.report, output.screen_width())
    return f"{head}\n{body}"


def _json(found: Sequence[_Read]) -> str:
    return output.json_text(
        {
            "profiles": [_document(one) for one in found],
            "complete": all(one.is_complete for one in found),
        }
    )


def _document(one: _Read) -> Mapping[str, object]:
    if one.report is None:
        return {"profile": one.name, "at": iso(one.at), "error": output.line(one.error)}
    return {"at": iso(one.at), **output.document(one.report)}


def _complaints(one: _Read) -> Iterator[str]:
    yield from one.warnings
    if one.report is None:
        yield one.error
    else:
        answers = one.report.systems.items()
        there = {system: it for system, it in answers if it.state is not SystemState.ABSENT}
        yield from output.diagnostics(replace(one.report, systems=there))
