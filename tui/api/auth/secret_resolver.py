"""Resolves a reference to its secret. The value leaves this module as `SecretStr` and in no message."""

import asyncio
import os
import re
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from pydantic import SecretStr

from tui.api.auth.secret_command import MOST_BYTES, Unresolved, printed, printed_at_terminal
from tui.api.errors import CredentialFailed
from tui.api.settings import CommandRef, EnvRef, FileRef, KeyringRef, SecretRef, describe
from tui.api.stages import Stage, at_stage
from tui.domain.profile import System
from tui.paths import read_regular

DEADLINE = 10.0
"""Seconds that a keyring may take."""

Warn = Callable[[str], None]
_SCHEMES = frozenset({"wawi", "bearer", "basic", "soticket", "authorization:"})
_ASSIGNMENT = re.compile(r"(?:export\s+)?[A-Z][A-Z0-9]*_[A-Z0-9_]*=.", re.ASCII)
"""A line of an environment file; no issued secret begins like one."""


async def resolve(
    ref: SecretRef,
    system: System,
    warn: Warn | None = None,
    *,
    many_lines: bool = False,
    free: bool = False,
    hidden: Collection[str] = (),
    at_terminal: bool = False,
) -> SecretStr:
    """Return the secret that `ref` names; calls `warn` with a sentence if others may read its file.

    `many_lines`: it may have line breaks, as a PEM key does. `free`: a person chose it, so blanks and
    quotes may be part of it. `hidden`: variables that a secret command does not get. `at_terminal`: a
    command may prompt at the terminal, which is not in use.

    Raises:
        CredentialFailed: it is missing, empty, or contains control characters. Never quotes the value.
    """
    try:
        with at_stage(system, Stage.SECRET):
            match ref:
                case EnvRef(env=name):
                    text = _from_environment(name)
                case FileRef(file=path):
                    text = _from_file(path.expanduser(), warn)
                case CommandRef(command=argv):
                    run = printed_at_terminal if at_terminal else printed
                    text = _decoded(await run(argv, hidden))
                case KeyringRef(keyring=entry):
                    text = await _from_keyring(entry)
        return SecretStr(_checked(text, many_lines=many_lines, free=free))
    except Unresolved as problem:
        raise failed(system, describe(ref), problem) from None


def typed(secret: SecretStr, system: System, *, free: bool = False) -> SecretStr:
    """Check what the operator typed as a secret; `free` as for `resolve`.

    Raises CredentialFailed: it is empty, or contains control characters.
    """
    try:
        return SecretStr(_checked(secret.get_secret_value(), free=free))
    except Unresolved as problem:
        raise failed(system, "the typed secret", problem) from None


def failed(system: System, what: str, problem: Unresolved) -> CredentialFailed:
    """The error of an unavailable secret."""
    return CredentialFailed(
        system=system, sentence=f"{what} {problem}", next_step=problem.next_step, sent=False
    )


def _checked(text: str, *, many_lines: bool = False, free: bool = False) -> str:
    text = text.removeprefix("\ufeff").removesuffix("\n").removesuffix("\r")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise Unresolved("is not text", "Store the secret there as plain UTF-8 text")
    if not text:
        raise Unresolved("is empty", "Put the secret there, then try again")
    bare = text.replace("\r\n", "").replace("\n", "") if many_lines else text
    if any(char < " " or "\x7f" <= char <= "\x9f" for char in bare):
        raise Unresolved(
            "contains a line break or another control character",
            "Store the bare secret there, on one line",
        )
    if not (many_lines or free):
        _refuse_wrapping(text)
    return text


def _refuse_wrapping(text: str) -> None:
    """Refuse what a server never issues, but files and variables often hold around it.

    Raises Unresolved: names the excess, never the value.
    """
    scheme, blank, _ = text.partition(" ")
    excess = ""
    if text != text.strip():
        excess = "begins or ends with a blank"
    elif len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`":
        excess = "is enclosed in quotes"
    elif blank and scheme.lower() in _SCHEMES:
        excess = f"begins with the word {scheme}, which is added to it anyway"
    elif _ASSIGNMENT.match(text):
        excess = "has the form NAME=value"
    if excess:
        raise Unresolved(excess, "Store the bare secret there, and nothing else")


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Unresolved("is not text", "Store the secret there as plain UTF-8 text") from None


def _from_environment(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise Unresolved("is not set", f"Set {name} in the environment that starts syncdeck")
    return value


def _from_file(path: Path, warn: Warn | None) -> str:
    try:
        with read_regular(path) as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "its name is not usable").lower()
        raise Unresolved(f"cannot be read: {why}", "Check the path and its permissions") from None
    if len(content) > MOST_BYTES:
        raise Unresolved(
            "is too long for a secret", "Point the reference at a file with only the secret"
        )
    if warn is not None and mode & 0o077:
        warn(f"secret file {path} can be read by others: chmod 600 it")
    return _decoded(content)


async def _from_keyring(entry: str) -> str:
    service, slash, user = entry.partition("/")
    if not slash:
        raise Unresolved("names no user", 'Write it as { keyring = "service/user" }')
    try:
        keyring = import_module("keyring")
    except ImportError:
        raise Unresolved(
            "needs the extra syncdeck[keyring]",
            "pip install 'syncdeck[keyring]', or use another reference",
        ) from None
    failure = import_module("keyring.errors").KeyringError

    def ask() -> object:
        with suppress(failure, OSError, RuntimeError):
            return keyring.get_password(service, user)
        return None

    value = await _ask_aside(ask)
    if not isinstance(value, str):
        raise Unresolved("was not found", "Store it in the keyring, and unlock the keyring")
    return value


async def _ask_aside(ask: Callable[[], object]) -> object:
    """Run `ask` in a daemon thread: a keyring that waits to be unlocked must not delay quitting."""
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
        raise Unresolved(
            f"returned nothing within {DEADLINE:.0f} s", "Unlock the keyring first"
        ) from None
    return outcome[0]
