"""`syncdeck metrics`: reads every profile once, and prints its metrics or writes them to a file.

Exit code 0, or that of a system that could not be read; what state the syncs are in does not count.
"""

import asyncio
import errno
import io
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tui.core import Core
from tui.domain.elapsed import utc_now
from tui.domain.history.reader import HistoryReader
from tui.frozen import frozen
from tui.headless import exit_codes as exitcodes
from tui.headless.event_loop import OwnLoop
from tui.headless.exit_codes import HEALTHY, UNREACHABLE, UNUSABLE
from tui.headless.first_polls import FirstPolls
from tui.headless.monitoring.exposition import Exposition
from tui.headless.monitoring.profile_metrics import ProfileMetrics
from tui.headless.monitoring.samples import READ, Sample, samples_of_unusable
from tui.headless.profile_access import ProfileMaker, made
from tui.output_files import require_own
from tui.paths import replace_private

_FOR_EVERYBODY = 0o644


@frozen
class MetricsRequest:
    textfile: Path | None = None
    """None: stdout."""
    seconds: float = 60.0
    """How long the systems may take; what is missing then counts as unreachable."""


Maker = ProfileMaker[tuple[Core, HistoryReader]]
"""A profile, and what was recorded of it."""


def run(request: MetricsRequest, makers: Sequence[Maker]) -> int:
    """Read, write, and return the exit code.

    Raises:
        tui.config.file.ConfigError: from the only maker; nothing was requested.
        OSError: the file or the output cannot be written.
    """
    if request.textfile is not None:
        _require_folder(request.textfile)
        require_own(request.textfile)
    found, unusable = made(makers, may_be_none=len(makers) > 1)
    profiles = [ProfileMetrics(*one, utc_now) for one in found]
    for profile in profiles:
        for warning in profile.core.warnings:
            print(f"syncdeck: {warning}", file=sys.stderr)
    with OwnLoop() as loop:
        read, number = loop.run(_read_all(request, profiles))
    if read is None:
        return 128 + number
    samples = [sample for samples, _ in read for sample in samples]
    samples += (sample for one in unusable for sample in samples_of_unusable(one.name, one.systems))
    document, _ = Exposition().document(samples)
    if request.textfile is None:
        _print(document)
    else:
        replace_private(request.textfile, document, _FOR_EVERYBODY, durable=False)
    for profile in profiles:
        if profile.reduction:
            print(f"syncdeck: {profile.reduction}", file=sys.stderr)
    return exitcodes.worst([*(UNUSABLE for _ in unusable), *(code for _, code in read)])


def _require_folder(file: Path) -> None:
    """A mistyped folder must not be made: nobody would collect the file there."""
    if not file.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, f"there is no directory {file.parent}", str(file))


def _print(document: bytes) -> None:
    """As UTF-8, whatever the locale says: so the format wants it."""
    with suppress(AttributeError, io.UnsupportedOperation):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")  # type: ignore[union-attr]  # of a file
    print(document.decode(), end="", flush=True)


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
