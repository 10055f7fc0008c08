"""A resync in several calls that ends in the middle, however it ends: the keys that were not sent are in
a file that was there before, and reads as exactly those keys (D13)."""

import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.drivers.command import Finished, Running, command
from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess
from tui.domain.superoffice.resync_keys import key_list
from tui.domain.superoffice.resync_request import Scope

KEYS = list(range(1, 2_601))
ERP_KEYS = ["ACME", "#7", "Pear, Berlin", 'say "x"', *(f"K{number}" for number in range(5, 2_601))]
Run = Callable[..., Running]


@pytest.fixture
def key_file(places: Path) -> Path:
    path = places / "keys.txt"
    path.write_text("\n".join(map(str, KEYS)))
    return path


@pytest.fixture
def erp_key_file(places: Path) -> Path:
    path = places / "keys.csv"
    quoted = ('"{}"'.format(key.replace('"', '""')) for key in ERP_KEYS)
    path.write_text("\r\n".join(("Kundennummer", *quoted)))
    return path


@pytest.fixture
def run(erp: ErpProcess, environment: dict[str, str]) -> Iterator[Run]:
    """Begin `syncdeck run force-resync 1`, confirmed, with these settings."""
    with ExitStack() as started:

        def begin(*settings: str) -> Running:
            running = Running(resync(erp, *settings), environment)
            started.enter_context(running)
            started.callback(running.kill)
            return running

        yield begin


def resync(erp: ErpProcess, *settings: str) -> list[str]:
    given = [part for one in settings for part in ("--set", one)]
    return [
        *("--config", str(erp.config), "run", "force-resync", "1"),
        *(*given, "--yes", "--profile", "sim"),
    ]


def ended(process: Running) -> Finished:
    out, err = process.communicate()
    return Finished(process.wait(), out, err)


def hangs_in_the_second(erp: ErpProcess) -> None:
    erp.fault("ForceResync=slow:0*1")
    erp.fault("ForceResync=hang")


def rests(places: Path) -> list[Path]:
    folder = places / "state" / "resync"
    return list(folder.iterdir()) if folder.exists() else []


def sent(erp: ErpProcess) -> list[object]:
    bodies = [one["body"] for one in erp.received("POST", "/ForceResync")]
    return [key for one in bodies for key in one.get("InternalKeyIds") or one.get("ExternalKeys")]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_d13_a_run_that_is_ended_in_its_second_call_leaves_the_keys_that_were_not_sent(
    erp: ErpProcess, run: Run, places: Path, key_file: Path, number: signal.Signals
) -> None:
    hangs_in_the_second(erp)
    process = run(f"file={key_file}")
    erp.wait_received("POST", "/ForceResync", 2)
    process.send_signal(number)
    done = ended(process)
    (rest,) = rests(places)
    assert str(rest.relative_to(places)) in done.err.replace("~", "")
    assert rest.stat().st_mode & 0o777 == 0o600
    text = rest.read_text()
    assert key_list(text, Scope.INTERNAL, in_file=True).keys == tuple(KEYS[1000:])
    (unknown,) = [line for line in text.splitlines() if line.startswith("# unknown")]
    assert "call 2 of 6, 500 keys 501-1000" in unknown
    assert unknown.endswith(" · 501-1000")
    assert done.code == (-9 if number == signal.SIGKILL else 128 + number)

    erp.clear_faults()
    done = ended(run(f"keys=@{rest}"))
    assert done.code == 0, done.err
    assert sent(erp) == KEYS
    assert rests(places) == []


def test_d13_keys_of_the_erp_are_read_back_as_they_were(
    erp: ErpProcess, run: Run, places: Path, erp_key_file: Path
) -> None:
    hangs_in_the_second(erp)
    settings = ("actor_type=Customer", "header=skip")
    process = run(f"external=@{erp_key_file}", *settings)
    erp.wait_received("POST", "/ForceResync", 2)
    process.kill()
    ended(process)
    (rest,) = rests(places)
    assert key_list(rest.read_text(), Scope.EXTERNAL, in_file=True).keys == tuple(ERP_KEYS[1000:])
    erp.clear_faults()
    assert ended(run(f"external=@{rest}", "actor_type=Customer")).code == 0
    assert sent(erp) == ERP_KEYS


def test_d13_the_first_key_of_a_rest_is_no_header(
    erp: ErpProcess, run: Run, places: Path, erp_key_file: Path
) -> None:
    erp.fault("ForceResync=status:429*1")
    done = ended(run(f"external=@{erp_key_file}", "actor_type=Customer", "header=skip"))
    assert done.code != 0
    (rest,) = rests(places)
    assert key_list(rest.read_text(), Scope.EXTERNAL, in_file=True).keys == tuple(ERP_KEYS)
    assert f"--set external=@{rest.parent}" in done.err.replace("~", str(places / "home"))
    assert "--set actor_type=Customer sends them" in done.err


def test_d13_it_goes_once_all_is_sent(erp: ErpProcess, run: Run, places: Path, key_file: Path) -> None:
    done = ended(run(f"file={key_file}"))
    assert done.code == 0, done.err
    assert "unsent keys are kept in" in done.err
    assert sent(erp) == KEYS
    assert rests(places) == []


def test_d13_what_cannot_be_kept_is_not_sent(
    erp: ErpProcess, environment: dict[str, str], places: Path, key_file: Path
) -> None:
    done = subprocess.run(
        command(*resync(erp, f"file={key_file}")),
        env=environment,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, 8_192)),
        check=False,
    )
    assert done.returncode == 2
    assert "nothing was sent: the file for the remaining keys cannot be written" in done.stderr
    assert sent(erp) == []
    assert rests(places) == []


def test_d13_a_disk_that_is_full_before_the_second_call_ends_it(
    erp: ErpProcess, run: Run, places: Path, key_file: Path
) -> None:
    erp.fault("ForceResync=slow:2*1")
    process = run(f"file={key_file}")
    erp.wait_received("POST", "/ForceResync", 1)
    (rest,) = rests(places)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (8_192, resource.RLIM_INFINITY))
    done = ended(process)
    assert done.code == 2
    assert "refused · Business Central DE · call 2 of 6" in done.out
    assert "could not be written to a file" in done.err
    assert sent(erp) == KEYS[:500]
    assert key_list(rest.read_text(), Scope.INTERNAL, in_file=True).keys == tuple(KEYS[500:])


def test_d13_the_console_sends_nothing_that_it_cannot_keep(
    erp: ErpProcess, live: Terminal, places: Path, key_file: Path
) -> None:
    (places / "state").mkdir(exist_ok=True)
    (places / "state" / "resync").write_text("a file in the place of the folder")
    live.press("3")
    live.wait_for("Response at")
    live.press("f")
    live.wait_for("or a file")
    live.press("1", "tab", "tab", "tab")
    live.send(str(key_file))
    live.press("f2")
    live.wait_for("type sim and press enter")
    live.confirm_by_name("sim")
    live.wait_for("cannot be written")
    assert sent(erp) == []
