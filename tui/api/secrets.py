"""Resolve a reference to the secret itself. The value leaves here as `SecretStr` and in no message.

Secret commands run without a shell, in their own session, with stdin closed, for at most 10 s.
"""

import asyncio
import os
import signal
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from pydantic import SecretStr

from tui.api.errors import CredentialFailed
from tui.api.settings import CommandRef, EnvRef, FileRef, KeyringRef, SecretRef, describe
from tui.domain.systems import System

DEADLINE = 10.0
"""Seconds that a secret command or a keyring may take."""
_LAST_WAIT = 0.2
"""Seconds that a killed command may still take."""
_MOST_BYTES = 65_536

Warn = Callable[[str], None]


class _Unresolved(Exception):
    """Why a reference gives no secret: the rest of the sentence, and what to do."""

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(why)
        self.next_step = next_step


def others_may_read(path: Path) -> bool:
    """Whether the file's mode lets anybody but its owner in; False where it cannot be told."""
    with suppress(OSError):
        return bool(path.stat().st_mode & 0o077)
    return False


async def resolve(
    ref: SecretRef, system: System, warn: Warn | None = None, *, many_lines: bool = False
) -> SecretStr:
    """Return the secret that `ref` names; `warn` is told of a file that others may read.

    `many_lines`: it may have line breaks, as a key in PEM does.

    Raises:
        CredentialFailed: it is not there, empty, or holds control characters. Never the value.
    """
    try:
        match ref:
            case EnvRef(env=name):
                text = _from_environment(name)
            case FileRef(file=path):
                text = _from_file(path.expanduser(), warn)
            case CommandRef(command=argv):
                text = await _from_command(argv)
            case KeyringRef(keyring=entry):
                text = await _from_keyring(entry)
        return SecretStr(_checked(text, many_lines=many_lines))
    except _Unresolved as problem:
        raise CredentialFailed(
            system=system,
            sentence=f"{describe(ref)} {problem}",
            next_step=problem.next_step,
            sent=False,
        ) from None


def _checked(text: str, *, many_lines: bool) -> str:
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise _Unresolved("is empty", "Put the secret there, then try again")
    bare = text.replace("\r\n", "").replace("\n", "") if many_lines else text
    if any(char < " " or "\x7f" <= char <= "\x9f" for char in bare):
        raise _Unresolved(
            "holds a line break or another control character", "Keep the bare secret there, on one line"
        )
    return text


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _Unresolved("is not text", "Keep the secret there as plain UTF-8 text") from None


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise _Unresolved("is not set", f"Set {name} in the environment that starts syncdeck")
    return value


def _from_file(path: Path, warn: Warn | None) -> str:
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MOST_BYTES:
            raise _Unresolved("is no small plain file", "Point the reference at a file that holds it")
        content = path.read_bytes()
    except OSError as error:
        why = (error.strerror or "cannot be read").lower()
        raise _Unresolved(f"cannot be read: {why}", "Check the path and who may read it") from None
    if warn is not None and facts.st_mode & 0o077:
        warn(f"secret file {path} can be read by others: chmod 600 it")
    return _decoded(content)


async def _from_command(argv: tuple[str, ...]) -> str:
    try:
        running = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError, TypeError) as error:
        why = (getattr(error, "strerror", None) or "it cannot be run").lower()
        raise _Unresolved(f"did not start: {why}", "Check the program's name and path") from None
    try:
        async with asyncio.timeout(DEADLINE):
            output, _ = await running.communicate()
    except TimeoutError:
        await _end(running)
        raise _Unresolved(
            f"gave nothing within {DEADLINE:.0f} s", "Run it by hand: it must not ask for anything"
        ) from None
    except asyncio.CancelledError:
        await _end(running)
        raise
    if running.returncode:
        raise _Unresolved(f"ended with exit code {running.returncode}", "Run it by hand to see why")
    return _decoded(output)


async def _end(command: asyncio.subprocess.Process) -> None:
    """Kill the command and the children that it left in its session; it is gone when this returns."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(command.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WAIT):
            await command.wait()


async def _from_keyring(entry: str) -> str:
    service, slash, user = entry.partition("/")
    if not slash:
        raise _Unresolved("names no user", 'Write it as { keyring = "service/user" }')
    try:
        keyring = import_module("keyring")
    except ImportError:
        raise _Unresolved(
            "needs the package `keyring`", "Install `keyring` beside syncdeck, or use another reference"
        ) from None
    failure = import_module("keyring.errors").KeyringError

    def ask() -> object:
        with suppress(failure, OSError, RuntimeError):
            return keyring.get_password(service, user)
        return None

    value = await _ask_aside(ask)
    if not isinstance(value, str):
        raise _Unresolved("was not found", "Store it in the keyring, and unlock the keyring")
    return value


async def _ask_aside(ask: Callable[[], object]) -> object:
    """Run `ask` in a daemon thread: a keyring that waits to be unlocked must not hold up quitting."""
    loop, answer = asyncio.get_running_loop(), asyncio.Event()
    outcome: list[object] = [None]

    def run() -> None:
        try:
            outcome[0] = ask()
        finally:
            if not loop.is_closed():
                loop.call_soon_threadsafe(answer.set)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        async with asyncio.timeout(DEADLINE):
            await answer.wait()
    except TimeoutError:
        raise _Unresolved(f"gave nothing within {DEADLINE:.0f} s", "Unlock the keyring first") from None
    return outcome[0]
