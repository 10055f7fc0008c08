"""From the command line to `history`, `watch`, `record` and `note`. Front ends are imported late."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.console_arguments import Arguments, options_of
from tui.config.file import ConfigError, choose, read, sound_names
from tui.launch import RunOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core import Core
    from tui.headless.history.recorded import Recorded

COMMANDS = ("history", "watch", "record", "note")


def run(args: Arguments, path: Path) -> int:
    """Run one of `COMMANDS`; `path` is the config file."""
    match args.command:
        case "history":
            return _history(args, path)
        case "watch":
            return _watch(args, path)
        case "note":
            return _note(args, path)
    return _record(args, path)


def _history(args: Arguments, path: Path) -> int:
    from tui.headless.history.command import HistoryRequest, run
    from tui.headless.history.recorded import Recorded
    from tui.history_access import recorded

    request = HistoryRequest(
        args.action,
        args.target,
        args.since,
        args.until,
        args.before,
        args.at,
        args.output,
        args.json,
    )

    def make() -> Recorded:
        if args.demo:
            return demo_recorded(options_of(args))
        file = read(path)
        return recorded(file, choose(file, args.profile))

    return run(request, make, datetime.now(UTC))


def demo_recorded(options: RunOptions) -> "Recorded":
    """The demo's own past."""
    from tui.headless.history.recorded import Recorded
    from tui.history.memory import MemoryHistory
    from tui.wiring import DEMO, demo_core

    history = demo_core(options).history
    return Recorded(DEMO, history.reader if history is not None else MemoryHistory())


def _watch(args: Arguments, path: Path) -> int:
    from tui.headless.history.watch import WatchRequest, run

    if args.argv is not None and not args.argv:
        return _refuse("watch: --exec needs a command")
    request = WatchRequest(tuple(args.target), args.problems, args.json, tuple(args.argv or ()))
    hidden = frozenset() if args.demo else read(path).variables
    return run(request, _core(args, path, args.profile), hidden)


def _note(args: Arguments, path: Path) -> int:
    from tui.headless.history import note
    from tui.history_access import inbox_of, open_history
    from tui.ops.audit.file_trail import user_name

    if args.demo:
        return _refuse("note: the demo keeps its history in memory")
    if bool(args.text) + bool(args.strike) + args.list != 1:
        return _refuse("note: write TEXT, or name one note with --strike ID, or --list")
    file = read(path)
    name = choose(file, args.profile)
    if args.list:
        return note.show(open_history(file, name))
    keep, now = inbox_of(file, name), datetime.now(UTC)
    if args.strike:
        return note.strike(args.strike, user_name(), now, open_history(file, name), keep)
    return note.run(" ".join(args.text), user_name(), now, keep)


def _record(args: Arguments, path: Path) -> int:
    from tui.headless.history import record

    if args.print_unit:
        from tui.headless.history.unit import unit

        named = args.profiles or ([args.profile] if args.profile else [])
        text = unit([_program()], path, named, everything=args.all, metrics=args.metrics)
        print(text, end="", flush=True)
        return 0
    names = profiles_of(args, path)
    if args.status:
        return _status(names, path)
    request = record.RecordRequest(args.once, args.seconds, args.metrics)
    return record.run(request, [_core(args, path, name) for name in names])


def _status(names: list[str | None], path: Path) -> int:
    from tui.headless.history.recording import show
    from tui.history_access import recorded

    file = read(path)
    return show([recorded(file, choose(file, name)) for name in names], datetime.now(UTC))


def profiles_of(args: Arguments, path: Path) -> list[str | None]:
    """None: the one that the config chooses."""
    if args.all and not args.demo:
        if args.profiles:
            raise ConfigError(f"{args.command}: --all means every profile: leave --profile out")
        return list(sound_names(read(path)))
    return list(dict.fromkeys(args.profiles)) or [args.profile]


def _core(args: Arguments, path: Path, profile: str | None) -> "Callable[[], Core]":
    def make() -> "Core":
        from tui.wiring import build_core, demo_core

        if args.demo:
            return demo_core(options_of(args))
        file = read(path)
        return build_core(file, choose(file, profile), options_of(args))

    return make


def _program() -> str:
    """The absolute path by which syncdeck was started."""
    return str(Path(sys.argv[0]).absolute())


def _refuse(sentence: str) -> int:
    print(f"syncdeck: {sentence}", file=sys.stderr)
    return 2
