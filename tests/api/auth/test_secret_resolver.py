"""Secrets come from where the reference says, or a sentence says why not; never the value."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from pydantic import SecretStr

from tui.api.auth import secret_command as secret_commands
from tui.api.auth import secret_resolver as secrets
from tui.api.auth.secret_command import Unresolved
from tui.api.auth.secret_resolver import resolve
from tui.api.errors import CredentialFailed
from tui.api.settings import CommandRef, EnvRef, FileRef, KeyringRef, SecretRef, describe
from tui.domain.profile import System


async def secret(ref: SecretRef) -> str:
    return (await resolve(ref, System.JTL)).get_secret_value()


async def refusal(ref: SecretRef) -> CredentialFailed:
    with pytest.raises(CredentialFailed) as caught:
        await resolve(ref, System.JTL)
    assert caught.value.next_step
    assert not caught.value.sent
    return caught.value


def python(code: str) -> CommandRef:
    return CommandRef((sys.executable, "-c", code))


async def test_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_SECRET", "hush")
    assert await secret(EnvRef("ACME_SECRET")) == "hush"
    monkeypatch.delenv("ACME_SECRET")
    assert (
        await refusal(EnvRef("ACME_SECRET"))
    ).sentence == "environment variable ACME_SECRET is not set"


@pytest.mark.parametrize(
    ("content", "value"), [("hush\n", "hush"), ("hush\r\n", "hush"), ("\ufeffhush", "hush")]
)
async def test_from_a_file(tmp_path: Path, content: str, value: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content.encode())
    assert await secret(FileRef(path)) == value


@pytest.mark.parametrize(
    ("content", "excess"),
    [
        ("hush ", "begins or ends with a blank"),
        (" hush\n", "begins or ends with a blank"),
        ('"hush"', "is enclosed in quotes"),
        ("'hush'\n", "is enclosed in quotes"),
        ("Wawi hush", "begins with the word Wawi"),
        ("bearer hush", "begins with the word bearer"),
        ("WAWI_KEY=hush", "has the form NAME=value"),
        ("export API_KEY=hush", "has the form NAME=value"),
    ],
)
async def test_f6_what_stands_around_a_secret_is_named_and_refused(
    tmp_path: Path, content: str, excess: str
) -> None:
    path = tmp_path / "secret"
    path.write_text(content)
    failure = await refusal(FileRef(path))
    assert excess in failure.sentence
    assert "hush" not in failure.sentence + failure.next_step


async def test_f6_a_password_may_have_blanks_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(' "hush" \n')
    known = await resolve(FileRef(path), System.SUPEROFFICE, free=True)
    assert known.get_secret_value() == ' "hush" '


async def test_f6_a_byte_that_is_no_utf8_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "ACME_SECRET", "h\udcfcsh")
    assert "is not text" in (await refusal(EnvRef("ACME_SECRET"))).sentence


async def test_a_file_that_others_can_read_is_used_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("hush")
    path.chmod(0o644)
    warnings: list[str] = []
    found = await resolve(FileRef(path), System.JTL, warnings.append)
    assert found.get_secret_value() == "hush"
    assert warnings == [f"secret file {path} can be read by others: chmod 600 it"]
    path.chmod(0o600)
    await resolve(FileRef(path), System.JTL, warnings.append)
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "is empty"), (b"\n", "is empty"), (b"a\nb", "line break"), (b"\xff\xfe", "is not text")],
)
async def test_a_file_that_holds_no_secret(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    assert why in (await refusal(FileRef(path))).sentence


PEM = ("-----BEGIN KEY-----", "abc", "-----END KEY-----")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_a_key_has_many_lines_however_they_end(tmp_path: Path, end: str) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(f"{end.join(PEM)}{end}".encode())
    path.chmod(0o600)
    found = await resolve(FileRef(path), System.SUPEROFFICE, many_lines=True)
    assert found.get_secret_value() == end.join(PEM)
    assert "contains a line break" in (await refusal(FileRef(path))).sentence


@pytest.mark.parametrize("content", ["a\rb", "a\tb", "a\x7fb", "a\x80b", "a\x9fb", "a\x1fb"])
@pytest.mark.parametrize("many_lines", [True, False])
def test_no_secret_holds_another_control_character(content: str, many_lines: bool) -> None:
    with pytest.raises(Unresolved, match="another control character"):
        secrets._checked(content, many_lines=many_lines)


def test_what_is_next_to_a_control_character_may_be_in_a_secret(tmp_path: Path) -> None:
    for text in (" ", "~", "\xa0", "ключ"):
        assert secrets._checked(text, free=True) == text


@pytest.mark.parametrize(
    ("text", "kept"), [("a\n", "a"), ("a\r\n", "a"), ("a\r", "a"), ("\na", None), ("a\n\n", None)]
)
def test_one_line_end_is_dropped_and_no_more(text: str, kept: str | None) -> None:
    if kept is not None:
        assert secrets._checked(text, many_lines=False) == kept
        return
    with pytest.raises(Unresolved):
        secrets._checked(text, many_lines=False)


def test_what_was_typed_is_judged_as_what_is_read() -> None:
    assert secrets.typed(SecretStr("hush\n"), System.JTL).get_secret_value() == "hush"
    with pytest.raises(CredentialFailed) as caught:
        secrets.typed(SecretStr(""), System.JTL)
    assert caught.value.sentence == "the typed secret is empty"
    assert (caught.value.system, caught.value.sent) == (System.JTL, False)


async def test_files_that_are_none(tmp_path: Path) -> None:
    assert "cannot be read: no such file" in (await refusal(FileRef(tmp_path / "gone"))).sentence
    assert "cannot be read: is a directory" in (await refusal(FileRef(tmp_path))).sentence
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        assert "cannot be read: it is not a regular file" in (await refusal(FileRef(path))).sentence
    assert "its name is not usable" in (await refusal(FileRef(Path("a\0b")))).sentence


async def test_a_secret_has_a_greatest_length_in_a_file_and_from_a_command(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("x" * 65_536)
    path.chmod(0o600)
    read = CommandRef(("cat", str(path)))
    assert len(await secret(FileRef(path))) == len(await secret(read)) == 65_536
    path.write_text("x" * 65_537)
    assert "is too long for a secret" in (await refusal(FileRef(path))).sentence
    assert "printed more than 64 kB" in (await refusal(read)).sentence


async def test_from_a_command_without_a_shell() -> None:
    assert await secret(CommandRef(("echo", "$HOME; hush"))) == "$HOME; hush"


async def test_a_command_has_no_input_and_no_terminal_of_ours() -> None:
    code = "import os, sys; print(sys.stdin.read() == '', os.getsid(0) == os.getpid())"
    assert await secret(python(code)) == "True True"


async def test_a_command_does_not_get_the_secrets_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACME_SECRET", "hush")
    monkeypatch.setenv("ACME_PLACE", "vault")
    found = await resolve(python("import os; print(*os.environ)"), System.JTL, hidden={"ACME_SECRET"})
    names = found.get_secret_value().split()
    assert "ACME_PLACE" in names
    assert "ACME_SECRET" not in names


@pytest.mark.parametrize(
    ("ref", "why"),
    [
        (CommandRef(("/no/such/program",)), "did not start: no such file"),
        (CommandRef(()), "did not start"),
        (python("raise SystemExit(3)"), "ended with exit code 3"),
        (python("pass"), "is empty"),
    ],
)
async def test_commands_that_give_nothing(ref: SecretRef, why: str) -> None:
    assert why in (await refusal(ref)).sentence


async def test_a_command_that_hangs_is_ended_with_its_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(secret_commands, "DEADLINE", 0.5)
    note = tmp_path / "pid"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    failed = await refusal(python(parent))
    assert "printed nothing within" in failed.sentence
    if note.exists():
        await ended(int(note.read_text()))


async def test_s3_a_command_that_prints_without_end_is_ended_at_once(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    failed = await refusal(CommandRef(("sh", "-c", f"echo $$ > {note}; yes & exec yes")))
    assert failed.sentence == "secret command `sh …` (2 arguments) printed more than 64 kB"
    await ended(int(note.read_text()))


async def test_s3_a_command_ends_with_itself_though_a_child_keeps_its_output_open(
    tmp_path: Path,
) -> None:
    note = tmp_path / "pid"
    agent = f"sleep 600 & echo $! >> {note}; echo hush"
    assert await secret(CommandRef(("sh", "-c", agent))) == "hush"
    assert "exit code 3" in (await refusal(CommandRef(("sh", "-c", f"{agent}; exit 3")))).sentence
    # An agent that it left running is not ours to kill.
    children = [int(line) for line in note.read_text().split()]
    assert not {"Z", "X"} & {_state(child) for child in children}
    for child in children:
        os.kill(child, signal.SIGKILL)


async def test_s3_all_that_a_command_printed_counts_however_late_it_was(tmp_path: Path) -> None:
    code = "import os\nfor n in range(60): os.write(1, b'x' * 1000)\nos.write(1, b'end')"
    assert await secret(python(code)) == "x" * 60_000 + "end"
    closed = "import os; os.write(1, b'hush'); os.close(1); os.close(2)"
    assert await secret(python(closed)) == "hush"


async def test_s3_a_command_that_is_no_longer_wanted_is_ended_with_its_children(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "ready")
    waits = f"sh -c 'echo $$ > {tmp_path}/ready; exec sleep 600'"
    reading = asyncio.ensure_future(secret(CommandRef(("sh", "-c", f"{waits}; true"))))
    pid = int(await asyncio.to_thread((tmp_path / "ready").read_text))
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await ended(pid)


async def test_s3_no_descriptor_is_left_open() -> None:
    def descriptors() -> int:
        return len([*Path("/proc/self/fd").iterdir()])

    await secret(python("print('hush')"))
    before = descriptors()
    await secret(python("print('hush')"))
    for ref in (CommandRef(("/no/such/program",)), python("raise SystemExit(3)"), CommandRef(("yes",))):
        await refusal(ref)
    assert descriptors() == before


TOKEN = "hvs.CAESIJ-a-token-in-the-arguments"


@pytest.mark.parametrize(
    ("argv", "shown"),
    [
        (("pass",), "secret command `pass`"),
        (("vault", TOKEN), "secret command `vault …` (1 argument)"),
        (("/opt/vault", "read", f"--token={TOKEN}"), "secret command `/opt/vault …` (2 arguments)"),
        ((f"curl -H {TOKEN} https://vault",), "secret command `curl…`"),
        ((f"VAULT_TOKEN={TOKEN}", "vault"), "secret command `VAULT_TOKEN… …` (1 argument)"),
        ((), "secret command ``"),
    ],
)
def test_s3_of_a_secret_command_its_program_alone_is_shown(argv: tuple[str, ...], shown: str) -> None:
    assert describe(CommandRef(argv)) == shown
    assert TOKEN not in repr(CommandRef(argv))


async def test_s3_a_whole_command_line_as_the_program_is_explained() -> None:
    failed = await refusal(CommandRef((f"echo {TOKEN}",)))
    assert "did not start" in failed.sentence
    assert "There is no shell" in failed.next_step
    assert TOKEN not in failed.sentence + failed.next_step
    for argv in ((f"echo {TOKEN}", "more"), ("/no/such/program",)):
        assert (await refusal(CommandRef(argv))).next_step == "Check the program's name and path"


async def ended(pid: int) -> None:
    """Wait until nobody is alive under that number; zombies are dead."""
    async with asyncio.timeout(10):
        for _ in iter(lambda: Path(f"/proc/{pid}").exists() and "Z" not in _state(pid), False):
            await asyncio.sleep(0.02)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def a_keyring(monkeypatch: pytest.MonkeyPatch, get: object) -> None:
    errors = ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    module = ModuleType("keyring")
    module.get_password = get  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)


async def test_from_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {("acme", "jtl/main"): "hush"}
    a_keyring(monkeypatch, lambda service, user: entries.get((service, user)))
    assert await secret(KeyringRef("acme/jtl/main")) == "hush"
    assert "was not found" in (await refusal(KeyringRef("acme/other"))).sentence
    assert "names no user" in (await refusal(KeyringRef("acme"))).sentence


async def test_a_keyring_that_waits_does_not_hold_us_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    locked = threading.Event()
    monkeypatch.setattr(secrets, "DEADLINE", 0.1)
    a_keyring(monkeypatch, lambda *_: locked.wait(30))
    failed = await refusal(KeyringRef("acme/jtl"))
    waiting = [thread for thread in threading.enumerate() if thread.name == "keyring"]
    assert [thread.daemon for thread in waiting] == [True]
    locked.set()
    assert failed.sentence == "keyring entry acme/jtl returned nothing within 0 s"
    assert failed.next_step == "Unlock the keyring first"


async def test_a_keyring_that_fails_is_told_as_one_that_has_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_keyring(monkeypatch, lambda *_: None)
    kinds = (sys.modules["keyring.errors"].KeyringError, OSError, RuntimeError)
    for kind in kinds:

        def fails(*_: str, kind: type[Exception] = kind) -> str:
            raise kind("locked")

        sys.modules["keyring"].get_password = fails  # type: ignore[attr-defined] # of our own making
        failed = await refusal(KeyringRef("acme/jtl"))
        assert failed.sentence == "keyring entry acme/jtl was not found"


async def test_without_the_package_a_keyring_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    failed = await refusal(KeyringRef("acme/jtl"))
    assert failed.sentence == "keyring entry acme/jtl needs the extra syncdeck[keyring]"
    assert "pip install 'syncdeck[keyring]'" in failed.next_step


async def test_the_value_is_in_no_representation(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("hush")
    path.chmod(0o600)
    found = await resolve(FileRef(path), System.JTL)
    assert "hush" not in repr(found) + str(found) + repr(SimpleNamespace(found=found))
