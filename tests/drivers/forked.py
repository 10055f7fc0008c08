"""`syncdeck` in a process of its own that has little left to import.

One process imports what the commands import, and makes what is made when it is used first; then it forks
for each of them. The child has the arguments, environment, folder and streams of its command, and runs
`tui.__main__.main` to its end. Textual is not imported: it reads the environment that the program has
prepared for it. Other processes, forked from the first, have imported it with the console on top: one
forks the consoles of terminals with many colours, one those of terminals with few.
"""

import fcntl
import gc
import json
import os
import pkgutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from select import select
from typing import Any

from pydantic import BaseModel

import tui
from tui.cli.arguments import parse
from tui.ui import lean_imports
from tui.ui.theme_choice import choose

_NOT_OF_COMMANDS = ("tui.__main__", "tui.ui")
_IMPORTED_LATE = (
    *("anyio._backends._asyncio", "certifi", "concurrent.futures.thread", "encodings.utf_8_sig"),
    *("httpcore", "platformdirs.unix", "pwd", "tomllib"),
)
"""What the standard library and others import only once they are used, and most commands do use."""
_LOCALE = "C.UTF-8"
_UNREAD = ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
"""Of what Python reads at its start, what makes no difference to a command."""
_STANDARD = {**os.environ, "LC_ALL": _LOCALE}
"""The environment of the process that forks; commands write a buffer at a time, as everywhere."""
_STANDARD.pop("PYTHONUNBUFFERED", None)
READ_BY_TEXTUAL = ("TEXTUAL", "ESCDELAY", "LC_TERMINAL", "TERM_PROGRAM")
"""How the names begin of what Textual reads while it is imported."""
_ANOTHER = {"xterm-256color": b"+", "linux": b"-"}
"""What is asked of the process that forks: another one for consoles like those of that terminal."""
_COMMAND = b"!"
_NUMBER = struct.Struct("!i")
_TRACEBACK = 20_000
"""More bytes than one has."""


def is_like_started(environment: Mapping[str, str]) -> bool:
    """Whether a process with that environment starts as the one that forks did."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    return locale == _LOCALE and _read_at_start(environment) == _read_at_start(_STANDARD)


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(("PYTHON", "OPENSSL")) and name not in _UNREAD
    }


def imported_for(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """The terminal whose process has Textual as that command would import it."""
    wanted = _for_textual(environment, slow="--slow" in arguments)
    return next((term for term in _ANOTHER if _for_textual({"TERM": term}) == wanted), None)


def _for_textual(environment: Mapping[str, str], *, slow: bool = False) -> dict[str, str]:
    prepared = dict(environment)
    choose(prepared, slow=slow)
    return {name: value for name, value in prepared.items() if name.startswith(READ_BY_TEXTUAL)}


# In the process of the test.


class Forked:
    """A command that runs: what `subprocess.Popen` is for one that is started."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        streams: Sequence[int],
        folder: Path | None = None,
        *,
        at_terminal: bool = False,
    ) -> None:
        """`at_terminal`: its first stream is the terminal of a session of its own."""
        self.returncode: int | None = None
        terminal = imported_for(arguments, environment) if at_terminal else None
        forking = _forking_consoles(terminal) if terminal else _forking()
        self._link, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(forking, [_COMMAND], [*streams, theirs.fileno()])
        request = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "folder": str(folder or Path.cwd()),
            "at_terminal": at_terminal,
        }
        self._link.sendall(json.dumps(request).encode() + b"\n")
        self.pid = self._number()

    def _number(self) -> int:
        answer = self._link.recv(_NUMBER.size)
        assert answer, f"it did not fork: {_forking().recv(_TRACEBACK).decode()}"
        number: int = _NUMBER.unpack(answer)[0]
        return number

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        if self.returncode is None and select([self._link], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended.

        Raises: TimeoutError: it takes longer.
        """
        if self.returncode is None:
            self._link.settimeout(timeout)
            self.returncode = self._number()
            self._link.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a crash does."""
        self.send_signal(signal.SIGKILL)


_at_the_end = ExitStack()


@cache
def _forking() -> socket.socket:
    """What leads to the process that forks, which ends once this is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        # Its streams are no terminal and no file, like those of the commands.
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            env=_STANDARD,
            cwd=Path(__file__).parents[2],
            stdin=theirs.fileno(),
            stdout=theirs.fileno(),
            stderr=theirs.fileno(),
        )
    _at_the_end.callback(process.wait)
    return _at_the_end.enter_context(ours)


@cache
def _forking_consoles(terminal: str) -> socket.socket:
    """What leads to the one that forks the consoles of a terminal, which ends once this is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_forking(), [_ANOTHER[terminal]], [theirs.fileno()])
    return _at_the_end.enter_context(ours)


def end() -> None:
    """End the processes that fork, if there are any."""
    _at_the_end.close()


# In the process that forks, and in its children.


def _import(name: str) -> None:
    module = import_module(name)
    for inner in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
        import_module(inner.name)


def _import_commands() -> None:
    """Import all that a command without a screen may use, and make its grammar."""
    for module in pkgutil.iter_modules(tui.__path__, "tui."):
        if module.name not in _NOT_OF_COMMANDS:
            _import(module.name)
    for name in _IMPORTED_LATE:
        import_module(name)
    if find_spec("sniffio") is None:
        # As in the tests themselves: the HTTP client looks for it several times in each request.
        sys.modules["sniffio"] = None  # type: ignore[assignment] # how Python notes what there is not
    _make_models(BaseModel)
    # OpenSSL prepares itself for the first of them.
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    parse(["status"])


def _make_models(base: type[BaseModel]) -> None:
    """Make what pydantic would make when a model is used first."""
    for model in base.__subclasses__():
        if not model.__pydantic_complete__:
            model.model_rebuild()
        _make_models(model)


def import_console(terminal: str = "xterm-256color") -> None:
    """Import Textual in the environment that a console would prepare for it."""
    prepared = _for_textual({"TERM": terminal})
    for name in [name for name in os.environ if name.startswith(READ_BY_TEXTUAL)]:
        del os.environ[name]
    os.environ.update(prepared)
    lean_imports.load()
    _import("tui.ui")


_links: dict[int, socket.socket] = {}
"""By the number of a command that runs: what leads to whoever waits for it."""


def _fork_on_request(control: socket.socket) -> None:
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        asked, descriptors, _, _ = socket.recv_fds(control, 1, 4)
        if not descriptors:
            return
        *streams, link = descriptors
        if asked == _COMMAND:
            _serve(socket.socket(fileno=link), streams)
        elif os.fork() == 0:
            control.close()
            while _links:
                _links.popitem()[1].close()
            import_console(next(term for term, sign in _ANOTHER.items() if sign == asked))
            _fork_on_request(socket.socket(fileno=link))
            os._exit(0)
        else:
            os.close(link)


def _reap(number: int, frame: object) -> None:
    """Tell of each command that has ended how it ended."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = ended
            if pid in _links:
                # A test that has failed no longer listens.
                with _links.pop(pid) as link, suppress(ConnectionError):
                    link.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _serve(link: socket.socket, streams: Sequence[int]) -> None:
    """Fork the command and tell its number."""
    with link.makefile() as lines:
        request = json.loads(lines.readline())
    # It is not to end before it is known.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        _become(request, streams)
    for descriptor in streams:
        os.close(descriptor)
    _links[pid] = link
    with suppress(ConnectionError):
        link.sendall(_NUMBER.pack(pid))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _become(request: Any, streams: Sequence[int]) -> None:
    """Be the command. This does not return."""
    code = 1
    try:
        for number, descriptor in enumerate(streams):
            os.dup2(descriptor, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        if request["at_terminal"]:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # as Python starts there
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        from tui import __main__ as program

        sys.argv = [program.__file__, *request["arguments"]]
        program.main()
        code = 0
    except Exception:  # noqa: BLE001 - above this is the process that forks
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _import_commands()
    _fork_on_request(socket.socket(fileno=os.dup(0)))
