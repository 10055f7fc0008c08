"""From the command line to the front end that does it. Front ends are imported late.

`main` is the last line of defence: whatever happens, a sentence and an exit code come out.
"""

import codecs
import errno
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tui import early
from tui.arguments import ONE_SHOT, options_of, parse
from tui.charset import shows_utf8
from tui.config.file import ConfigError, ConfigFile, choose, read, sketch, sound_names
from tui.domain.systems import ProfileFacts
from tui.domain.terminal import only_prints
from tui.domain.text import clean, one_line
from tui.foreground import gets_foreground
from tui.last_state import LastStates
from tui.launch import Launch, RunOptions
from tui.paths import cache_dir, config_path, shown, state_dir
from tui.safe_output import safe

if TYPE_CHECKING:
    from tui.wiring import Core, Line, Patient

UNUSABLE = 2
BUG = 70
NOT_WRITTEN = 74
INTERRUPTED = 130
PIPE_CLOSED = 141
_DEMO = "--demo"
_STOOD_IN = "syncdeck.ascii"
_ENCODING = "PYTHONIOENCODING"
_NO_ROOM = (errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG)


def main(arguments: Sequence[str]) -> int:
    """Run `syncdeck` with `arguments`; the exit code (design §5)."""
    _fill_closed_streams()
    _forgive_encodings()
    sys.stdout, sys.stderr = safe(sys.stdout), safe(sys.stderr)
    try:
        garbled = next(filter(_is_garbled, arguments), None)
        return _run(parse(arguments)) if garbled is None else _refuse_garbled(garbled)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except ConfigError as error:
        print(clean(str(error)), file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        return _blame_system(error, demo=_DEMO in arguments)
    except Exception as error:  # noqa: BLE001 - a traceback could show a secret
        return _report(error, demo=_DEMO in arguments)


def _is_garbled(argument: str) -> bool:
    """Whether it holds bytes that are no text: sent on, they would become other characters."""
    return any("\ud800" <= character <= "\udfff" for character in argument)


def _refuse_garbled(argument: str) -> int:
    early.leave()
    escaped = one_line(os.fsencode(argument).decode("utf-8", "backslashreplace"))
    return _refuse(f"not valid UTF-8 on the command line: '{escaped}'; nothing was done")


def _run(given: Namespace) -> int:
    if given.command == "simulate":
        return _simulate(given)
    path = given.config or config_path()
    if given.command == "config":
        from tui.headless.configuring import run

        return run(given.action, path, given.profile)
    if given.command == "audit":
        return _audit(given, path)
    if given.command == "run":
        return _operation(given, path)
    if given.command == "doctor":
        return _doctor(given, path)
    if given.command == "register":
        return _register(given, path)
    if given.command in ONE_SHOT:
        return _one_shot(given, path)
    try:
        return _console(given, path)
    finally:
        # Before anything is said of why there is no console.
        early.leave()


def _one_shot(given: Namespace, path: Path) -> int:
    from tui.headless.commands import run
    from tui.wiring import build_line, demo_line

    def make_line() -> "Line":
        if given.demo:
            return demo_line(options_of(given))
        file = read(path)
        return build_line(file, choose(file, given.profile), options_of(given))

    return run(given.command, make_line, as_json=given.json)


def _audit(given: Namespace, path: Path) -> int:
    from tui.headless import auditing

    if given.demo:
        return auditing.without_trail(as_json=given.json)
    profile = auditing.profile_of(path, given.profile)
    if given.action == "verify":
        return auditing.verify(profile, since=given.since, as_json=given.json)
    return auditing.show(profile, since=given.since, as_json=given.json)


def _doctor(given: Namespace, path: Path) -> int:
    if given.reset_terminal:
        from tui.headless.terminal_reset import reset

        return reset()
    from tui.headless.doctor import run
    from tui.wiring import build_patient, demo_patient

    def make_patient() -> "Patient":
        if given.demo:
            return demo_patient(options_of(given))
        file = read(path)
        return build_patient(file, choose(file, given.profile), options_of(given))

    return run(make_patient, None if given.demo else path, as_json=given.json)


def _operation(given: Namespace, path: Path) -> int:
    from tui.headless.running import RunRequest, run
    from tui.wiring import build_core, demo_core

    def make_core() -> "Core":
        if given.demo:
            return demo_core(options_of(given))
        file = read(path)
        return build_core(file, choose(file, given.profile), options_of(given))

    request = RunRequest(
        given.operation,
        tuple(given.target),
        tuple(given.set),
        yes=given.yes,
        dry_run=given.dry_run,
        as_json=given.json,
        profile=given.profile,
        no_wait=given.no_wait,
    )
    return run(request, make_core)


def _register(given: Namespace, path: Path) -> int:
    if given.demo:
        return _refuse("register needs a server: `syncdeck simulate` serves one, at its base_url")
    if given.read_only:
        return _refuse("register changes what JTL-Wawi knows, which --read-only refuses")
    from tui.headless.register import run
    from tui.headless.register_questions import PROVIDER, WEBSITE, RegisterRequest
    from tui.headless.register_workshop import Workshop
    from tui.wiring import build_line, build_registrar

    options = options_of(given)
    request = RegisterRequest(
        config=path,
        profile=given.profile,
        base_url=given.base_url,
        environment=given.environment,
        app_id=given.app_id,
        display_name=given.display_name,
        provider=given.provider_name or PROVIDER,
        website=given.provider_website or WEBSITE,
        scopes=tuple(given.scope),
        challenge=given.challenge,
        key_file=given.secret_file,
        ca_bundle=given.ca_bundle,
        allow_plain_http=given.allow_plain_http,
        add=given.add,
        yes=given.yes,
        show_key=given.show_key,
        resume=given.resume,
        new=given.new,
        minutes=given.wait,
    )
    workshop = Workshop(
        make_registrar=lambda registration: build_registrar(registration, options),
        make_line=lambda file, name: build_line(file, name, options),
        state=state_dir(),
    )
    return run(request, workshop)


def _console(given: Namespace, path: Path) -> int:
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stdout)):
        return _refuse("the console needs a terminal; `syncdeck status` does not")
    if not _is_terminal(sys.__stderr__):
        return _refuse("the console draws on stderr, which is not a terminal; `--log` writes a log file")
    if not gets_foreground(sys.stdin.fileno()):
        # Where the shell stops what writes in the background (stty tostop), this is still said.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        return _refuse("the console cannot start in the background; start it without `&`")
    if only_prints(os.environ):
        named = (
            f"TERM={term} only prints lines" if (term := os.environ.get("TERM")) else "TERM is not set"
        )
        return _refuse(f"{named}: `syncdeck status` needs no more; else export TERM=xterm-256color")
    launch = plan(given, path)
    from tui.ui.run import run

    return run(launch)


def plan(given: Namespace, path: Path) -> Launch:
    """How the console starts: on the demo, on a profile, or without a config on the welcome screen.

    Raises:
        ConfigError: the config cannot be read, or does not define the profile.
    """
    from tui.wiring import demo_core, demo_facts

    options = options_of(given)
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
    if given.demo:
        return replace(bare, facts=demo_facts(options), make_core=bare.demo_core)
    if given.config is None and not path.exists():
        return replace(bare, config_note=f"there is no config file at {shown(path)}")
    return _on_profile(bare, read(path), given.profile, options)


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


def _simulate(given: Namespace) -> int:
    from tui.simulator.options import SimulateOptions
    from tui.simulator.serve import serve

    options = SimulateOptions(
        port=given.port,
        workers=given.workers,
        extensions=given.extensions,
        connections=given.connections,
        seed=given.seed,
        still=given.still,
        write_config=given.write_config,
        faults=tuple(given.fault),
    )
    return serve(options)


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether it is one; Python gives None where the descriptor is closed."""
    return stream is not None and stream.isatty()


def _refuse(sentence: str) -> int:
    print(f"syncdeck: {clean(sentence)}", file=sys.stderr)
    return UNUSABLE


def _fill_closed_streams() -> None:
    """A stream that was closed leads nowhere: or the next file that is opened would get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - for as long as we run


def _forgive_encodings() -> None:
    """What the output cannot take is stood in for, instead of a failure; for a pipe, Python knows it."""
    codecs.register_error(_STOOD_IN, _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            is_plain = stream.isatty() and _ENCODING not in os.environ and not shows_utf8()
            stream.reconfigure(encoding="ascii" if is_plain else None, errors=_STOOD_IN)


def _stand_in(failure: UnicodeError) -> tuple[str, int]:
    from tui.domain.ascii import in_ascii
    from tui.headless.output import width

    if not isinstance(failure, UnicodeEncodeError):
        raise failure
    return in_ascii(failure.object[failure.start : failure.end], width), failure.end


def _blame_system(error: OSError, *, demo: bool) -> int:
    """What the operating system refused: a file that was named, the output, or something unforeseen."""
    if isinstance(error, BrokenPipeError):
        _silence_output()
        return PIPE_CLOSED
    if error.filename is not None:
        return _refuse(f"{error.filename}: {error.strerror}")
    if error.errno in _NO_ROOM:
        _silence_output()
        print(f"syncdeck: the output cannot be written: {error.strerror}", file=sys.stderr)
        return NOT_WRITTEN
    return _report(error, demo=demo)


def _silence_output() -> None:
    """Nobody reads any more: what is still buffered goes nowhere instead of failing again."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _report(error: Exception, *, demo: bool) -> int:
    from tui import bugreport

    try:
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="syncdeck-")) if demo else state_dir() / "reports"
        where = f"; the report is {bugreport.write(error, folder)}"
    except OSError:
        where = ""
    print(f"syncdeck: this is a bug in syncdeck ({type(error).__name__}){where}", file=sys.stderr)
    return BUG
