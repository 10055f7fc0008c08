"""From the command line to `maintenance`. The front end is imported late."""

from pathlib import Path

from tui.cli.console_arguments import Arguments, request_of
from tui.cli.makers import maker
from tui.cli.streams import refuse
from tui.config.file import choose, read


def run(args: Arguments, path: Path) -> int:
    """Run an action of `maintenance`; `path` is the config file."""
    if args.demo:
        return refuse("maintenance: the demo keeps nothing; use it in the console")
    from tui.ops.maintenance.journals import journals_of

    if args.action in ("list", "forget"):
        from tui.headless.maintenance import listing

        journals = journals_of(choose(read(path), args.profile))
        if args.action == "forget":
            return listing.forget(journals, args.name, yes=args.yes)
        return listing.show(journals, as_json=args.json)
    from tui.headless.maintenance import command
    from tui.wiring import build_core, demo_core

    make = maker(args, path, demo_core, build_core)
    if args.action == "open":
        return command.open_set(request_of(command.OpenRequest, args), make)
    return command.close_set(request_of(command.CloseRequest, args), make)
