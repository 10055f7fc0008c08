"""From the command line to `history`, `watch`, `record` and `note`. Front ends are imported late."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from tui.cli.console_arguments import Arguments, request_of
from tui.cli.makers import demo_recorded, maker, makers_of, names_of
from tui.cli.streams import refuse
from tui.config.file import choose, is_profile_name, read


def _history(args: Arguments, path: Path) -> int:
    from tui.headless.history.command import HistoryRequest, run
    from tui.history_access import recorded

    request = request_of(HistoryRequest, args, as_json=args.json)
    make = maker(args, path, demo_recorded, lambda file, name, _: recorded(file, name))
    return run(request, make, datetime.now(UTC))


def _watch(args: Arguments, path: Path) -> int:
    from tui.headless.history.watch import WatchRequest, run
    from tui.wiring import build_core, demo_core

    if args.argv is not None and not args.argv:
        return refuse("watch: --exec needs a command")
    request = request_of(WatchRequest, args, as_json=args.json, argv=tuple(args.argv or ()))
    hidden = frozenset() if args.demo else read(path).variables
    return run(request, maker(args, path, demo_core, build_core, is_alone=True), hidden)


def _note(args: Arguments, path: Path) -> int:
    from tui.headless.history import note
    from tui.history_access import inbox_of, open_history
    from tui.ops.audit.file_trail import user_name

    if args.demo:
        return refuse("note: the demo keeps its history in memory")
    if bool(args.text) + bool(args.strike) + args.list != 1:
        return refuse("note: write TEXT, or name one note with --strike ID, or --list")
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

    request = request_of(record.RecordRequest, args)
    return record.run(request, makers_of(args, path, demo_core, build_core))


def _status(args: Arguments, path: Path) -> int:
    from tui.headless.history.kept import show_recording
    from tui.history_access import recorded

    file = read(path)
    names = [name for name in names_of(args, file) if is_profile_name(name)]
    return show_recording([recorded(file.alone(name), name) for name in names], datetime.now(UTC))


def _program() -> str:
    """The absolute path by which syncdeck was started."""
    return str(Path(sys.argv[0]).absolute())


COMMANDS = {"history": _history, "note": _note, "record": _record, "watch": _watch}
