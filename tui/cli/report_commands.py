"""From the command line to `report` and `handover`. Front ends are imported late."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.console_arguments import Arguments, options_of, request_of
from tui.cli.makers import demo_recorded
from tui.config.file import addresses_of, choose, read, sketch

if TYPE_CHECKING:
    from tui.headless.reporting import Kept
    from tui.session.report.sources import Sources

COMMANDS = ("report", "handover")


def run(args: Arguments, path: Path) -> int:
    """Run one of `COMMANDS`; `path` is the config file."""
    from tui.domain.report.formats import Format
    from tui.headless.reporting import DocumentRequest, run

    request = request_of(DocumentRequest, args, format=Format(args.format))
    now = datetime.now(UTC)
    return run(request, lambda: _demo(args, now) if args.demo else _kept(args, path, now), now)


def _demo(args: Arguments, now: datetime) -> "Kept":
    """The demo's own past; it keeps neither audit trail nor drafts."""
    from tui.headless.reporting import Kept
    from tui.ops.audit.entries import History
    from tui.ops.audit.file_trail import user_name
    from tui.session.report.sources import Sources, local_zone
    from tui.wiring import demo_facts

    facts, recorded = demo_facts(options_of(args)), demo_recorded(options_of(args))
    environment = facts.environment.value
    sources = Sources(
        recorded.profile, recorded.reader, History(), now, local_zone(now), user_name(), environment
    )
    return Kept(lambda _since, _back_to: sources)


def _kept(args: Arguments, path: Path, now: datetime) -> "Kept":
    from tui.headless.reporting import Kept
    from tui.history_access import open_history
    from tui.ops.audit.file_trail import user_name
    from tui.ops.audit.trail_end import Reach
    from tui.ops.audit.trail_follower import read_end
    from tui.ops.drafts.file_drafts import drafts_in
    from tui.ops.maintenance.journals import journals_of
    from tui.paths import state_dir, trail_path
    from tui.session.report.handover import Unfinished
    from tui.session.report.sources import MOST, Sources, local_zone

    file = read(path)
    name = choose(file, args.profile)
    reader, environment = open_history(file, name), sketch(file, name).environment.value
    addresses, journals = addresses_of(file, name), journals_of(name)

    def sources(since: datetime, back_to: datetime) -> "Sources":
        trail = read_end(trail_path(name), Reach(MOST, since, back_to=back_to))
        zone, known = local_zone(now), journals.read().items
        return Sources(name, reader, trail, now, zone, user_name(), environment, known, addresses)

    drafts = state_dir() / "drafts" / name
    return Kept(sources, lambda: Unfinished(drafts_in(drafts), journals.read()))
