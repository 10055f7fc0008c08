"""From the command line to the front end that runs it. Front ends are imported late.

`main` is the last line of defence: whatever happens, it ends with a sentence and an exit code.
"""

import errno
import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tui.cli.console_arguments import Arguments, command_of, options_of, plain, request_of
from tui.cli.makers import maker
from tui.cli.streams import UNUSABLE, fill_closed, forgive_encodings, is_terminal, refuse, silence_output
from tui.config.file import ConfigError, ConfigFile, choose, read, sketch, sound_names
from tui.domain.profile import ProfileFacts
from tui.domain.terminal import only_prints
from tui.domain.text import clean, one_line
from tui.launch import Launch, RunOptions
from tui.paths import cache_dir, config_path, shown, state_dir
from tui.safe_output import safe
from tui.startup import first_frame as early
from tui.startup.encoding import shows_utf8
from tui.startup.foreground import gets_foreground
from tui.startup.last_screen import LastStates

BUG = 70
NOT_WRITTEN = 74
INTERRUPTED = 130
PIPE_CLOSED = 141
_DEMO = "--demo"
_NO_ROOM = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG)


def main(arguments: Sequence[str]) -> int:
    """Run `syncdeck` with `arguments`; the exit code, see `tui.headless.exit_codes`."""
    fill_closed()
    forgive_encodings()
    sys.stdout, sys.stderr = safe(sys.stdout), safe(sys.stderr)
    is_check = "check" in arguments and command_of(arguments) == "check"
    try:
        if is_check:
            return _check(arguments)
        garbled = next(filter(_is_garbled, arguments), None)
        return _run(_parse(arguments)) if garbled is None else _refuse_garbled(garbled)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except ConfigError as error:
        print(clean(str(error)), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        return _blame_system(error, demo=_DEMO in arguments)
    except Exception as error:  # noqa: BLE001 - a named place: a traceback could show a secret
        return _report(error, demo=_DEMO in arguments, check=arguments if is_check else None)


def _check(arguments: Sequence[str]) -> int:
    from tui.cli import check_command

    return check_command.run(arguments, silence_output)


def _is_garbled(argument: str) -> bool:
    """Whether it holds bytes that are not valid text: sent on, they would become other characters."""
    return any("\ud800" <= character <= "\udfff" for character in argument)


def _refuse_garbled(argument: str) -> int:
    early.leave()
    escaped = one_line(os.fsencode(argument).decode("utf-8", "backslashreplace"))
    return refuse(f"not valid UTF-8 on the command line: '{escaped}'; nothing was done")


def _parse(arguments: Sequence[str]) -> Arguments:
    simple = plain(arguments)
    if simple is not None:
        return simple
    from tui.cli.arguments import parse

    return parse(arguments)


def _run(args: Arguments) -> int:
    if args.command is None:
        try:
            return _console(args, args.config or config_path())
        finally:
            # Before any message about why there is no console.
            early.leave()
    gc.enable()
    if args.command in _WITHOUT_CONFIG:
        return _WITHOUT_CONFIG[args.command](args)
    return _command(args.command)(args, args.config or config_path())


def _help(args: Arguments) -> int:
    from tui.headless import help_topics

    return help_topics.run(args.topic)


def _config(args: Arguments, path: Path) -> int:
    from tui.headless.config import run

    return run(args.action, path, args.profile)


def _audit(args: Arguments, path: Path) -> int:
    from tui.headless import audit as auditing

    if args.demo:
        return auditing.without_trail(as_json=args.json)
    profile = auditing.profile_of(path, args.profile)
    answer = auditing.verify if args.action == "verify" else auditing.show
    return auditing.in_time(answer, profile, args.timeout, since=args.since, as_json=args.json)


def _doctor(args: Arguments, path: Path) -> int:
    if args.reset_terminal:
        from tui.headless.doctor.reset_terminal import reset

        return reset()
    from tui.headless.doctor.command import run
    from tui.wiring import build_doctor_target, demo_doctor_target

    make_target = maker(args, path, demo_doctor_target, build_doctor_target)
    return run(make_target, None if args.demo else path, as_json=args.json, timeout=args.timeout)


def _operation(args: Arguments, path: Path) -> int:
    from tui.headless.run.command import RunRequest, run
    from tui.wiring import build_core, demo_core

    is_complete = bool(args.operation and args.targets) != bool(args.rest or args.drop_rest)
    if not is_complete or (args.rest and args.drop_rest) or (args.rest and args.operation):
        return refuse("run: name OPERATION and TARGET, or --rest ID, or --drop-rest ID")
    request = request_of(RunRequest, args, as_json=args.json)
    return run(request, maker(args, path, demo_core, build_core))


def _register(args: Arguments, path: Path) -> int:
    if args.demo:
        return refuse("register needs a server; `syncdeck simulate` starts one to try it on")
    if args.read_only:
        return refuse("register adds an app to JTL-Wawi, which --read-only does not allow")
    from tui.headless.register.command import run
    from tui.headless.register.context import RegisterContext
    from tui.headless.register.questions import PROVIDER, WEBSITE, RegisterRequest
    from tui.wiring import build_registrar, build_service

    options = options_of(args)
    provider, website = args.provider_name or PROVIDER, args.provider_website or WEBSITE
    context = RegisterContext(
        make_registrar=lambda registration: build_registrar(registration, options),
        make_service=lambda file, name: build_service(file, name, options),
        state=state_dir(),
    )
    return run(
        request_of(RegisterRequest, args, config=path, provider=provider, website=website), context
    )


def _console(args: Arguments, path: Path) -> int:
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        return refuse("the console needs a terminal; `syncdeck status` does not")
    if not is_terminal(sys.__stderr__):
        return refuse("the console draws on stderr, which is not a terminal; `--log` writes a log file")
    if not gets_foreground(sys.stdin.fileno()):
        # Where the shell stops background output (stty tostop), this is still printed.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        return refuse("the console cannot start in the background; start it without `&`")
    if only_prints(os.environ):
        named = (
            f"TERM={term} cannot show a full screen"
            if (term := os.environ.get("TERM"))
            else "TERM is not set"
        )
        return refuse(f"{named}: use `syncdeck status`, or export TERM=xterm-256color")
    launch = plan(args, path)
    from tui.ui.run import run

    return run(launch)


def plan(args: Arguments, path: Path) -> Launch:
    """How the console starts: on the demo, on a profile, or without a config on the welcome screen.

    Raises: ConfigError: the config cannot be read, or does not define the profile.
    """
    from tui.wiring import demo_core, demo_facts

    options = options_of(args)
    bare = Launch(
        facts=None,
        make_core=None,
        demo_core=lambda: demo_core(options),
        mouse=not options.no_mouse,
        slow=options.slow,
        config_path=path,
        stock_driver=options.stock_driver,
        in_ascii=not shows_utf8(),
    )
    if args.replay is not None:
        from tui.replay_wiring import replay_core, replay_facts

        file = args.replay
        return replace(bare, facts=replay_facts(file), make_core=lambda: replay_core(file, options))
    if args.demo:
        return replace(bare, facts=demo_facts(options), make_core=bare.demo_core)
    if args.config is None and not path.exists():
        return replace(bare, config_note=f"there is no config file at {shown(path)}")
    return _on_profile(bare, read(path), args.profile, options)


def _on_profile(bare: Launch, file: ConfigFile, profile: str | None, options: RunOptions) -> Launch:
    from tui.wiring import build_core

    def known(name: str | None) -> ProfileFacts:
        facts = sketch(file, name)
        return replace(facts, read_only=facts.read_only or options.read_only, sealed=options.read_only)

    facts = known(profile)
    return replace(
        bare,
        last_states=_last_states(file, sealed=options.read_only),
        facts=facts,
        make_core=lambda: build_core(file, facts.name, options),
        profiles=tuple(known(name) for name in sound_names(file)),
        core_of=lambda name: build_core(file, name, options),
    )


def _last_states(file: ConfigFile, *, sealed: bool) -> LastStates:
    try:
        default = choose(file, None)
    except ConfigError:
        default = ""
    return LastStates(str(cache_dir() / "last"), str(file.path), default, sealed=sealed)


def _simulate(args: Arguments) -> int:
    from tui.simulator.options import SimulateOptions
    from tui.simulator.serve import serve

    return serve(request_of(SimulateOptions, args))


_WITHOUT_CONFIG: Mapping[str, Callable[[Arguments], int]] = {"help": _help, "simulate": _simulate}


def _command(name: str) -> Callable[[Arguments, Path], int]:
    """What runs a command with the path of the config. The console needs none of them."""
    from tui.cli import history_commands as history
    from tui.cli import maintenance_commands as maintenance
    from tui.cli import metrics_commands as metrics
    from tui.cli import one_shot_commands as lists
    from tui.cli import report_commands as reports

    commands: Mapping[str, Callable[[Arguments, Path], int]] = {
        "audit": _audit,
        "config": _config,
        "doctor": _doctor,
        "maintenance": maintenance.run,
        "metrics": metrics.metrics,
        "register": _register,
        "run": _operation,
        "share": metrics.share,
        **history.COMMANDS,
        **dict.fromkeys(reports.COMMANDS, reports.run),
    }
    return commands.get(name, lists.run)


def _blame_system(error: OSError, *, demo: bool) -> int:
    """Report what the operating system refused: a named file, the output, or something unforeseen."""
    if isinstance(error, BrokenPipeError):
        silence_output()
        return PIPE_CLOSED
    if error.filename is not None:
        return refuse(f"{error.filename}: {error.strerror}")
    if error.errno in _NO_ROOM:
        silence_output()
        print(f"syncdeck: the output cannot be written: {error.strerror}", file=sys.stderr)
        return NOT_WRITTEN
    return _report(error, demo=demo)


def _report(error: Exception, *, demo: bool, check: Sequence[str] | None = None) -> int:
    """`check`: its arguments, as a plugin has to end in its own way."""
    sentence = _bug_sentence(error, demo=demo)
    if check is not None:
        from tui.cli.check_command import failed

        return failed(sentence, check, silence_output)
    print(f"syncdeck: {sentence}", file=sys.stderr)
    return BUG


def _bug_sentence(error: Exception, *, demo: bool) -> str:
    """Writes a report and names it."""
    from tui import crash_report as bugreport

    try:
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="syncdeck-")) if demo else state_dir() / "reports"
        where = f"; the report is {bugreport.write(error, folder)}"
    except OSError:
        where = ""
    return f"this is a bug in syncdeck ({type(error).__name__}){where}"
