"""`syncdeck run` takes the value of a setting from a file or standard input, and shows none (S5)."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import Finished, syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator

SECRET = "correct-horse"
NAME = "API password"
CONFIGURE = ("run", "configure", "Temu DE")


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        options = running.world.jtl.kinds["Temu"].options
        options[0].name, options[0].value = NAME, "hunter-two"
        options[2].name, options[2].value = "FTP password", "12"
        write_config(running)
        yield running


@pytest.fixture
def secret_file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "secret"
        path.write_bytes(content)
        return path

    return write


def configure(*settings: str, stdin: str | None = None) -> Finished:
    given = [part for one in settings for part in ("--set", one)]
    return syncdeck(*CONFIGURE, *given, "--yes", stdin=stdin)


def values(erp: RunningSimulator) -> list[Any]:
    requests = [one for one in erp.received("POST") if "/workers/" in one["path"]]
    return [item["Value"] for one in requests for item in one["body"]["Configs"]]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b"correct-horse", SECRET),
        (b"correct-horse\n", SECRET),
        (b"correct-horse\r\n", SECRET),
        (" Müll ".encode(), " Müll "),
        (b"@x=1", "@x=1"),
        (b"-\n", "-"),
    ],
)
def test_s5_a_secret_is_taken_from_a_file_without_the_line_break_at_its_end(
    erp: RunningSimulator, secret_file: Callable[[bytes], Path], content: bytes, value: str
) -> None:
    done = configure(f"{NAME}=@{secret_file(content)}")
    assert done.code == 0, done.err
    assert values(erp) == [value]
    assert "warning" not in done.err
    assert value == "-" or value not in done.out + done.err


def test_s5_a_secret_is_taken_from_standard_input(erp: RunningSimulator) -> None:
    done = configure(f"{NAME}=-", stdin=f"{SECRET}\n")
    assert done.code == 0, done.err
    assert values(erp) == [SECRET]
    assert SECRET not in done.out + done.err
    assert "warning" not in done.err


def test_s5_a_secret_is_taken_from_a_pipe(erp: RunningSimulator, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(f"{SECRET}\n",))
    writer.start()
    done = configure(f"{NAME}=@{pipe}")
    writer.join()
    assert done.code == 0, done.err
    assert values(erp) == [SECRET]


def test_s5_two_at_signs_begin_a_text_with_one_and_a_text_on_the_command_line_is_warned_of(
    erp: RunningSimulator,
) -> None:
    done = configure(f"{NAME}=@@{SECRET}")
    assert done.code == 0, done.err
    assert values(erp) == [f"@{SECRET}"]
    assert f"warning: the value of {NAME} is visible in the process list" in done.err
    assert SECRET not in done.out + done.err
    assert "visible in the process list" in configure(f"{NAME}=x{SECRET}").err
    assert values(erp)[1] == f"x{SECRET}"


def test_s5_a_dash_is_the_value_of_an_option_that_is_no_secret(erp: RunningSimulator) -> None:
    option = erp.world.jtl.kinds["Temu"].options[0]
    option.name = "Separator"
    done = configure("Separator=-", stdin="never read")
    assert done.code == 0, done.err
    assert values(erp) == ["-"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "what was read is empty"),
        (b"\n", "what was read is empty"),
        (b"correct-horse\nmore\n", "a control character"),
        (b"correct-horse\n\n", "a control character"),
        (b"correct-horse\r", "a control character"),
        (b"correct\thorse", "a tab"),
        (b"correct\x00horse", "a control character"),
        ("\ufeffcorrect-horse".encode(), "an invisible character"),
        ("correct-horse".encode("utf-16"), "is not UTF-8 text"),
        (b"correct-horse\xff", "is not UTF-8 text"),
        (b"correct-horse" * 6_000, "larger than 65,536 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_s5_what_is_not_one_line_of_text_is_refused_without_showing_it(
    erp: RunningSimulator, secret_file: Callable[[bytes], Path], content: bytes, told: str
) -> None:
    done = configure(f"{NAME}=@{secret_file(content)}")
    assert done.code == 2
    assert f"{NAME}: what was read" in done.err
    assert told in done.err
    assert "correct" not in done.out + done.err
    assert values(erp) == []


@pytest.mark.parametrize("kind", ["missing", "directory", "device", "looped"])
def test_s5_what_cannot_be_read_is_told_without_its_name_which_may_be_the_secret(
    erp: RunningSimulator, tmp_path: Path, kind: str
) -> None:
    place = tmp_path / SECRET
    match kind:
        case "directory":
            place.mkdir()
        case "device":
            place.symlink_to("/dev/zero")
        case "looped":
            place.symlink_to(place)
    done = configure(f"{NAME}=@{place}")
    assert done.code == 2
    assert f"{NAME}: " in done.err
    assert "after @" in done.err
    assert SECRET not in done.out + done.err
    assert values(erp) == []


@pytest.mark.parametrize("setting", [f"{NAME}{SECRET}", f"={SECRET}", f"password {SECRET}"])
def test_s5_a_setting_that_cannot_be_taken_apart_is_not_repeated(
    erp: RunningSimulator, setting: str
) -> None:
    done = configure("interval=10m", setting)
    assert done.code == 2
    assert "setting 2 of 2 has no" in done.err
    assert SECRET not in done.out + done.err


def test_s5_a_secret_that_is_no_number_is_refused_without_showing_it(
    erp: RunningSimulator, secret_file: Callable[[bytes], Path]
) -> None:
    done = configure(f"ftp password=@{secret_file(SECRET.encode())}")
    assert done.code == 2
    assert "FTP password: the value is not a whole number" in done.err
    assert SECRET not in done.out + done.err


def test_s5_standard_input_serves_one_setting(erp: RunningSimulator) -> None:
    done = configure(f"{NAME}=-", "FTP password=-", stdin="12\n")
    assert done.code == 2
    assert "FTP password: standard input was already read for API password" in done.err
    assert values(erp) == []


def test_s5_keys_of_a_resync_come_by_standard_input_one_a_line(erp: RunningSimulator) -> None:
    resync = ("run", "force-resync", "1", "--yes", "--profile", "sim", "--set")
    done = syncdeck(*resync, "keys=-", stdin="670\n100-120\n")
    assert done.code == 2
    assert "keys: line 2: '100-120' is a range or a phone number" in done.err
    done = syncdeck(*resync, "keys=-", stdin="670\n47\n")
    assert done.code == 0, done.err
    (sent,) = erp.received("POST", "Resync")
    assert sent["body"]["InternalKeyIds"] == [670, 47]


def test_s5_the_help_tells_where_values_come_from() -> None:
    told = syncdeck("run", "--help").out
    for part in ("@FILE", "@@ begins", "- too; there one line is one", "expect_keys=N", "ranges=true"):
        assert part in told


@pytest.mark.parametrize("sign", ["", "@"])
def test_s5_files_of_a_manifest_are_named_with_or_without_the_sign(
    erp: RunningSimulator, tmp_path: Path, sign: str
) -> None:
    for name in ("manifest", "signature"):
        (tmp_path / name).write_text(name)
    given = [
        part
        for name in ("manifest", "signature")
        for part in ("--set", f"{name}={sign}{tmp_path / name}")
    ]
    extension = next(iter(erp.world.jtl.extensions.values()))
    done = syncdeck("run", "push-manifest", extension.extension_id, *given, "--dry-run")
    assert done.code == 0, done.err
    assert "8 bytes · manifest" in done.out
