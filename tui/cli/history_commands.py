"""From the command line to `history`, `watch`, `record` and `note`. Front ends are imported late."""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui.cli.console_arguments import Arguments, options_of
from tui.config.file import (
    ConfigError,
    ConfigFile,
    choose,
    is_profile_name,
    profile_names,
    read,
    systems_of,
)
from tui.launch import RunOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core import Core
    from tui.headless.history.recorded import Recorded
    from tui.headless.profile_access import ProfileMaker

T = TypeVar("T")
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
    if args.status:
        return _status(args, path)
    from tui.wiring import build_core, demo_core

    request = record.RecordRequest(args.once, args.seconds, args.metrics)
    return record.run(request, makers_of(args, path, demo_core, build_core))


def _status(args: Arguments, path: Path) -> int:
    from tui.headless.history.kept import show_recording
    from tui.history_access import recorded

    file = read(path)
    names = [name for name in _names(args, file) if is_profile_name(name)]
    return show_recording([recorded(file.alone(name), name) for name in names], datetime.now(UTC))


def makers_of(
    args: Arguments,
    path: Path,
    demo: "Callable[[RunOptions], T]",
    build: "Callable[[ConfigFile, str, RunOptions], T]",
) -> "list[ProfileMaker[T]]":
    """Each profile by itself: what is wrong in the table of another one hinders none.

    Raises: ConfigError: there is none, or both --all and --profile are given.
    """
    from tui.domain.profile import System
    from tui.headless.profile_access import ProfileMaker

    options = options_of(args)
    if args.demo:
        from tui.wiring import DEMO

        return [ProfileMaker(DEMO, lambda: demo(options), frozenset(System))]
    file = read(path)
    return [
        ProfileMaker(name, partial(_built, build, file, name, options), systems_of(file, name))
        for name in _names(args, file)
    ]


def _built(
    build: "Callable[[ConfigFile, str, RunOptions], T]", file: ConfigFile, name: str, options: RunOptions
) -> T:
    return build(file.alone(name), choose(file, name), options)


def _names(args: Arguments, file: ConfigFile) -> list[str]:
    if not args.all:
        return list(dict.fromkeys(args.profiles)) or [choose(file, args.profile)]
    if args.profiles:
        raise ConfigError(f"{args.command}: --all means every profile: leave --profile out")
    return list(profile_names(file)) or [choose(file, None)]


def _core(args: Arguments, path: Path, profile: str | None) -> "Callable[[], Core]":
    def make() -> "Core":
        from tui.wiring import build_core, demo_core

        if args.demo:
            return demo_core(options_of(args))
        file = read(path)
        name = choose(file, profile)
        return build_core(file.alone(name), name, options_of(args))

    return make


def _program() -> str:
    """The absolute path by which syncdeck was started."""
    return str(Path(sys.argv[0]).absolute())


def _refuse(sentence: str) -> int:
    print(f"syncdeck: {sentence}", file=sys.stderr)
    return 2
