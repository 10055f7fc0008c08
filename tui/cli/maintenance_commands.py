"""From the command line to `maintenance`. The front end is imported late."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.console_arguments import Arguments, options_of
from tui.config.file import choose, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core import Core


def run(args: Arguments, path: Path) -> int:
    """Run an action of `maintenance`; `path` is the config file."""
    if args.demo:
        print("syncdeck: maintenance: the demo keeps nothing; use it in the console", file=sys.stderr)
        return 2
    from tui.ops.maintenance.journals import journals_of

    if args.action in ("list", "forget"):
        from tui.headless.maintenance import listing

        journals = journals_of(choose(read(path), args.profile))
        if args.action == "forget":
            return listing.forget(journals, args.name, yes=args.yes)
        return listing.show(journals, as_json=args.json)
    from tui.headless.maintenance import command

    make = _core(args, path)
    if args.action == "open":
        return command.open_set(
            command.OpenRequest(
                args.name or "",
                tuple(args.filters),
                args.reason,
                args.until,
                args.drain_s,
                args.yes,
                args.profile,
            ),
            make,
        )
    settled = tuple(args.settled)
    closing = command.CloseRequest(args.name, args.dry_run, args.yes, args.profile, settled)
    return command.close_set(closing, make)


def _core(args: Arguments, path: Path) -> "Callable[[], Core]":
    def make() -> "Core":
        from tui.wiring import build_core

        file = read(path)
        return build_core(file, choose(file, args.profile), options_of(args))

    return make
