"""From the command line to `metrics` and `share`. Front ends are imported late."""

from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.console_arguments import Arguments
from tui.cli.makers import makers_of
from tui.config.file import ConfigFile
from tui.launch import RunOptions

if TYPE_CHECKING:
    from tui.core import Core
    from tui.domain.history.reader import HistoryReader


def share(args: Arguments, _path: Path) -> int:
    from tui.headless.monitoring import share

    return share.run(args.name)


def metrics(args: Arguments, path: Path) -> int:
    from tui.headless.monitoring import command

    request = command.MetricsRequest(args.textfile, args.timeout)
    return command.run(request, makers_of(args, path, _demo, _profile))


def _demo(options: RunOptions) -> "tuple[Core, HistoryReader]":
    from tui.history.memory import MemoryHistory
    from tui.wiring import demo_core

    core = demo_core(options)
    return core, core.history.reader if core.history is not None else MemoryHistory()


def _profile(file: ConfigFile, name: str, options: RunOptions) -> "tuple[Core, HistoryReader]":
    from tui.history_access import open_history
    from tui.wiring import build_core

    return build_core(file, name, options), open_history(file, name)
