"""From the command line to `metrics` and `share`. Front ends are imported late."""

from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.console_arguments import Arguments, options_of
from tui.config.file import choose, read

if TYPE_CHECKING:
    from tui.core import Core
    from tui.domain.history.reader import HistoryReader
    from tui.headless.monitoring.command import MakeProfile

COMMANDS = ("metrics", "share")


def run(args: Arguments, path: Path) -> int:
    """Run one of `COMMANDS`; `path` is the config file."""
    if args.command == "share":
        from tui.headless.monitoring import share

        return share.run(args.name)
    from tui.cli.history_commands import profiles_of
    from tui.headless.monitoring import command

    request = command.MetricsRequest(args.textfile, args.timeout)
    return command.run(request, [_maker(args, path, name) for name in profiles_of(args, path)])


def _maker(args: Arguments, path: Path, profile: str | None) -> "MakeProfile":
    def make() -> "tuple[Core, HistoryReader]":
        from tui.history.memory import MemoryHistory
        from tui.history_access import open_history
        from tui.wiring import build_core, demo_core

        if args.demo:
            core = demo_core(options_of(args))
            return core, core.history.reader if core.history is not None else MemoryHistory()
        file = read(path)
        name = choose(file, profile)
        file = file.alone(name) if args.all else file
        return build_core(file, name, options_of(args)), open_history(file, name)

    return make
