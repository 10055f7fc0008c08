"""`doctor` checks this machine's files: config, state, audit trail, drafts, history. It only reads."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tui.domain.check import Check, fail, ok, warn
from tui.domain.profile import suggested_command
from tui.headless.history.kept import kept, kept_text, recorded_by
from tui.headless.history.recorded import Recorded
from tui.headless.output import line
from tui.ops.audit.trail_reader import EPOCH, read_trail
from tui.ops.maintenance.covered import covered_of
from tui.paths import cache_dir, exposed, shown, state_dir, trail_path

LEAST_FREE = 50_000_000
"""Bytes below which the audit trail may soon fail: then no change is sent either."""
_MOST = 20_000


def config_checks(path: Path, warnings: tuple[str, ...]) -> Iterator[Check]:
    """For a valid config: its permissions and warnings."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        yield warn("config", f"{_shown(path)} can be read by others ({mode:03o})", f"chmod 600 {path}")
    else:
        yield ok("config", f"{_shown(path)} is valid")
    for warning in warnings:
        yield warn("config", warning, "Change it there, unless it is intended")


def state_checks(profile: str) -> Iterator[Check]:
    """The places of audit trail and drafts, and their content."""
    for name, of in (("state", state_dir), ("cache", cache_dir)):
        try:
            yield _place(name, of())
        except OSError as error:
            yield fail(name, f"{error.filename}: {error.strerror}", "Correct the variable")
            return
    yield _audit(profile)
    yield _drafts(profile)
    yield from _maintenance(profile)


def _place(name: str, place: Path) -> Check:
    """Whether it can be written to or created, and its free space."""
    there = next(above for above in (place, *place.absolute().parents) if above.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        variable = f"SYNCDECK_{name.upper()}_DIR"
        step = f"Make it writable, or point {variable} elsewhere: without it no change can be recorded"
        return fail(name, f"{_shown(place)} cannot be written to", step)
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE:
        finding = f"{_shown(place)}: {free / 1e6:.0f} MB are free"
        return warn(name, finding, "Free some space: a change that cannot be recorded is not sent")
    if count := exposed(place):
        finding = f"{_shown(place)}: {count} files can be read by others"
        return warn(name, finding, f"chmod -R go= {place}")
    return ok(name, f"{_shown(place)} can be written to, {free / 1e9:.1f} GB are free")


def _audit(profile: str) -> Check:
    path = trail_path(profile)
    if not path.exists():
        return ok("audit", "nothing was changed from here yet")
    try:
        history = read_trail(path, _MOST, EPOCH)
    except OSError as error:
        return fail("audit", f"{_shown(path)} cannot be read: {error.strerror}", "Check its permissions")
    missing = len(history.without_outcome(datetime.now(UTC)))
    broken = len(history.broken) + history.more_broken
    if missing or broken:
        finding = f"{missing} without outcome, {broken} unreadable lines"
        return warn("audit", finding, f"syncdeck audit verify --profile {profile!r}")
    return ok("audit", f"{len(history.entries)} entries, all valid")


def _drafts(profile: str) -> Check:
    folder = state_dir() / "drafts" / profile
    kept, broken = len([*folder.glob("*.json")]), [*folder.glob("*.broken")]
    if broken:
        finding = f"{kept} kept, {len(broken)} set aside because they could not be read"
        return warn("drafts", finding, f"Check {broken[0].parent}/*.broken, then remove them")
    return ok("drafts", f"{kept} kept" if kept else "none")


def _maintenance(profile: str) -> Iterator[Check]:
    """Journals that cannot be read, and maintenances that somebody forgot or left half done."""
    covered, now = covered_of(profile), datetime.now(UTC)
    urgent = covered.verdicts(now)
    for trouble in covered.troubles:
        yield fail("maintenance", trouble, "Check what is off; then move the file away")
    for one, verdict in urgent:
        step = suggested_command(profile, "maintenance", "close", one.id)
        yield warn("maintenance", f"{one.name} is {verdict.word}: {verdict.reason}", step)
    if not (covered.troubles or urgent):
        yield ok("maintenance", " · ".join(covered.sentences(now)) or "none is open")


def _shown(path: Path) -> str:
    return line(shown(path))


def history_check(history: Recorded, now: datetime) -> Check:
    """How much is kept, since when, how completely, and who records."""
    try:
        text = kept_text(*kept(history.reader, now), now)
        holder = history.holder()
    except (OSError, ValueError) as error:
        return warn("history", f"it cannot be read: {line(str(error))}", "Check its permissions")
    return ok("history", line(f"{text}; {recorded_by(holder)}"))
