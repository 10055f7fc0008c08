"""`syncdeck metrics`: reads every profile once, and prints its metrics or writes them to a file.

Exit code 0, or that of a system that could not be read; what state the syncs are in does not count.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.config.file import ConfigError
from tui.core import Core
from tui.domain.elapsed import utc_now
from tui.domain.history.reader import HistoryReader
from tui.headless import exit_codes as exitcodes
from tui.headless.event_loop import own_loop
from tui.headless.exit_codes import HEALTHY, UNREACHABLE, UNUSABLE
from tui.headless.first_polls import FirstPolls
from tui.headless.monitoring.exposition import Exposition
from tui.headless.monitoring.profile_metrics import ProfileMetrics
from tui.headless.monitoring.samples import READ, Sample
from tui.headless.output import line
from tui.output_files import require_own
from tui.paths import replace_private

_FOR_EVERYBODY = 0o644


@dataclass(frozen=True, slots=True)
class MetricsRequest:
    textfile: Path | None = None
    """None: stdout."""
    seconds: float = 60.0
    """How long the systems may take; what is missing then counts as unreachable."""


MakeProfile = Callable[[], tuple[Core, HistoryReader]]
"""A profile, and what was recorded of it."""


def run(request: MetricsRequest, makers: Sequence[MakeProfile]) -> int:
    """Read, write, and return the exit code.

    Raises:
        tui.config.file.ConfigError: from every maker; nothing was requested.
        OSError: the file or the output cannot be written.
    """
    if request.textfile is not None:
        require_own(request.textfile)
    profiles, codes = _made(makers)
    for profile in profiles:
        for warning in profile.core.warnings:
            print(f"syncdeck: {warning}", file=sys.stderr)
    with own_loop() as loop:
        read, number = loop.run(_read_all(request, profiles))
    if read is None:
        return 128 + number
    document, _ = Exposition().document(sample for samples, _ in read for sample in samples)
    if request.textfile is None:
        print(document.decode(), end="", flush=True)
    else:
        replace_private(request.textfile, document, _FOR_EVERYBODY, durable=False)
    for profile in profiles:
        if profile.reduction:
            print(f"syncdeck: {profile.reduction}", file=sys.stderr)
    return exitcodes.worst([*codes, *(code for _, code in read)])


def _made(makers: Sequence[MakeProfile]) -> tuple[list[ProfileMetrics], list[int]]:
    """The profiles, and the exit codes of those whose config cannot be used."""
    profiles, unusable = [], []
    for make in makers:
        try:
            profiles.append(ProfileMetrics(*make(), utc_now))
        except ConfigError as error:
            unusable.append(error)
    if unusable and not profiles:
        raise unusable[0]
    for sentence in (sentence for error in unusable for sentence in error.sentences):
        print(f"syncdeck: {line(sentence)}", file=sys.stderr)
    return profiles, [UNUSABLE for _ in unusable]


async def _read_all(
    request: MetricsRequest, profiles: Sequence[ProfileMetrics]
) -> list[tuple[list[Sample], int]]:
    try:
        return await asyncio.gather(*(_read(profile, request.seconds) for profile in profiles))
    finally:
        await asyncio.gather(*(profile.core.aclose() for profile in profiles))


async def _read(profile: ProfileMetrics, seconds: float) -> tuple[list[Sample], int]:
    """The samples of a profile, and its exit code."""
    core = profile.core
    first = FirstPolls(core, READ)
    core.poller.refresh(*READ)
    if not first.missing:
        first.done.set()
    await profile.load(is_recording=False)
    await profile.renew()
    code = HEALTHY
    try:
        async with asyncio.timeout(seconds):
            await first.done.wait()
    except TimeoutError:
        late = ", ".join(sorted(first.missing))
        print(f"syncdeck: {profile.name}: no response within {seconds:g} s: {late}", file=sys.stderr)
        code = UNREACHABLE
    return profile.samples(), exitcodes.worst([code, first.code])
