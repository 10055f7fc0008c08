"""`syncdeck check` from its arguments to its exit code. Whatever happens, it ends as a monitoring plugin
does: 0 to 3, and one first line on stdout that says why.
"""

import io
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from datetime import UTC, datetime
from types import FrameType

from tui.cli.one_shot_commands import profiles_of
from tui.config.file import ConfigError
from tui.domain.text import clean, one_line
from tui.paths import config_path

UNKNOWN = 3
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class _EndedError(BaseException):
    """A signal arrived."""


def run(arguments: Sequence[str], silence: Callable[[], None]) -> int:
    """`silence` discards what stdout still holds. A fault of ours is raised, for `failed`."""
    said = io.StringIO()
    try:
        with redirect_stderr(said), _signals_raise():
            return _checked(arguments)
    except SystemExit as end:
        # --help and --version have printed their text.
        sentence = said.getvalue().removeprefix("syncdeck: ") if end.code else ""
    except ConfigError as error:
        sentence = str(error)
    except (_EndedError, KeyboardInterrupt) as ended:
        sentence = f"ended by {ended.args[0] if ended.args else 'SIGINT'}"
    except BrokenPipeError:
        silence()
        return UNKNOWN
    except OSError as error:
        sentence = ": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error))))
    return failed(sentence, arguments, silence)


def failed(sentence: str, arguments: Sequence[str], silence: Callable[[], None]) -> int:
    """End as a plugin that does not know, and say why, unless that is said already."""
    if not sentence:
        return UNKNOWN
    from tui.domain.monitoring import check_result
    from tui.headless.monitoring.check import write

    result = check_result.failed("", one_line(clean(sentence)))
    try:
        write([result], datetime.now(UTC), as_json="--json" in arguments)
    except OSError:
        silence()
    return UNKNOWN


@contextmanager
def _signals_raise() -> Iterator[None]:
    """The commands' own loop handles signals while it runs; this is for the time around it."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise _EndedError(signal.Signals(number).name)

    before = {}
    # In another thread than the main one, as in tests, signals stay as they are.
    with suppress(ValueError):
        before = {number: signal.signal(number, end) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _checked(arguments: Sequence[str]) -> int:
    from tui.cli.arguments import parse

    args = parse(arguments)
    from tui.domain.history.records import SubjectKind
    from tui.domain.monitoring.check_result import Code
    from tui.domain.monitoring.selection import Selection
    from tui.domain.profile import System
    from tui.headless.monitoring.check import CheckRequest
    from tui.headless.monitoring.check import run as check

    system = System(args.system) if args.system else None
    selection = Selection(system, tuple(args.syncs), args.kind, tuple(args.expected))
    if not selection.subjects:
        raise ConfigError("check: --system does not have what --sync or --kind selects")
    if args.expected and (args.all or SubjectKind.SYNC not in selection.subjects):
        raise ConfigError("check: --expect is for the syncs of one profile")
    request = CheckRequest(
        selection,
        args.timeout,
        Code[args.unreachable.upper()],
        args.all,
        args.from_history,
        args.json,
    )
    path = args.config or config_path()
    return check(request, profiles_of(args, path), lambda: datetime.now(UTC))
