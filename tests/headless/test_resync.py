"""`syncdeck run force-resync` with many keys: in order, in several calls, and no account is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Finished, Run
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tui.cli import main


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running


@pytest.fixture
def run(erp: RunningSimulator, capsys: pytest.CaptureFixture[str]) -> Run:
    write_config(erp)

    def run(*settings: str, target: str = "1") -> Finished:
        given = [part for one in settings for part in ("--set", one)]
        code = main(["run", "force-resync", target, *given, "--yes", "--profile", "sim"])
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """5,000 lines, 37 of them bad."""
    lines = [f"x{number}" if number % 135 == 7 else str(number) for number in range(1, 5001)]
    assert sum(line.startswith("x") for line in lines) == 37
    path = tmp_path / "keys.txt"
    path.write_text("\n".join(lines))
    return path


def test_bad_lines_stop_everything_and_each_is_named(
    erp: RunningSimulator, run: Run, keys: Path
) -> None:
    done = run(f"file={keys}")
    assert done.code == 2
    named = [line for line in done.err.splitlines() if ": 'x" in line]
    assert len(named) == 37
    assert "file: line 7: 'x7' is no key" in named[0]
    assert "skip_bad=true leaves bad lines out" in done.err
    assert erp.received("POST", "Resync") == []


def test_a_fault_in_the_middle_ends_it_and_every_call_is_accounted_for(
    erp: RunningSimulator, run: Run, keys: Path, private_places: Path
) -> None:
    erp.fault("ForceResync=slow:0*3")
    erp.fault("ForceResync=lost*1")
    done = run(f"file={keys}", "skip_bad=true")
    assert done.code == 1
    assert "37 bad lines left out: 7, 142, 277" in done.out
    told = [line for line in done.out.splitlines() if " · call " in line and not line.startswith("and ")]
    assert [line.split(" · ")[0] for line in told] == ["applied"] * 3 + ["unknown"] + ["not sent"] * 6
    assert "call 4 of 10, 500 keys 1513 … 2015: " in told[3]
    sent = [key for one in erp.received("POST", "Resync") for key in one["body"]["InternalKeyIds"]]
    good = [number for number in range(1, 5001) if number % 135 != 7]
    assert sent == good[:2000]
    (kept,) = (private_places / "state" / "resync").iterdir()
    assert "2,963 keys were not sent and are kept in" in done.err
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "# unknown · Business Central DE · call 4 of 10" in kept.read_text()
    again = run(f"file={kept}")
    assert again.code == 0, again.err
    sent = [key for one in erp.received("POST", "Resync") for key in one["body"]["InternalKeyIds"]]
    assert sent == good


def test_all_of_it_is_sent_in_order(erp: RunningSimulator, run: Run, keys: Path) -> None:
    done = run(f"file={keys}", "skip_bad=true", "blanks=overwrite")
    assert done.code == 0, done.err
    calls = erp.received("POST", "Resync")
    assert [call["path"].rpartition("/")[2] for call in calls] == ["ForceResync"] * 10
    sent = [key for call in calls for key in call["body"]["InternalKeyIds"]]
    assert sent == [number for number in range(1, 5001) if number % 135 != 7]


@pytest.mark.parametrize(
    ("settings", "method", "body"),
    [
        (["keys=670"], "ForceResyncNoBlankValues", {"ErpConnectionId": 1, "InternalKeyIds": [670]}),
        (
            ["keys=everything", "blanks=overwrite", "how=batch"],
            "ForceResyncBatchTask",
            {"ErpConnectionId": 1, "InternalKeyIds": []},
        ),
        (
            ["external=A1,A2", "actor_type=customer"],
            "ForceResyncExternalNoBlankValues",
            {"ErpConnectionId": 1, "ErpActorType": "Customer", "ExternalKeys": ["A1", "A2"]},
        ),
    ],
)
def test_settings_pick_the_call(
    erp: RunningSimulator, run: Run, settings: list[str], method: str, body: dict[str, object]
) -> None:
    done = run(*settings)
    assert done.code == 0, done.err
    (sent,) = erp.received("POST", "Resync")
    assert (sent["path"].rpartition("/")[2], sent["body"]) == (method, body)
    assert f"Call         {method}" in done.out


def test_a_failed_answer_is_told_in_full_where_nothing_can_be_opened(
    erp: RunningSimulator, run: Run
) -> None:
    told = {"status": "Error", "explanation": "it is busy", "technical": "at ErpSync.Send()\n  line 7"}
    erp.state(superoffice={"outcomes": {"*": told}})
    done = run("keys=670")
    assert done.code == 1
    assert "failed · Business Central DE: it is busy\n" in done.out
    assert "Open the answer" not in done.out
    assert "    what changed was not told\n" in done.out
    assert "    at ErpSync.Send()\n    line 7\n" in done.out


def test_a_warning_and_the_number_of_changes_are_told(erp: RunningSimulator, run: Run) -> None:
    erp.state(superoffice={"outcomes": {"*": {"status": "Warn"}}})
    done = run("keys=670,47")
    assert done.code == 0
    assert "    went well, with a warning\n    2 records changed\n" in done.out


def test_a_call_that_certainly_did_nothing_is_among_the_rest(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    erp.fault("ForceResync=slow:0*1")
    erp.fault("ForceResync=status:429*1")
    done = run("keys=1-1400")
    assert done.code != 0
    (kept,) = (private_places / "state" / "resync").iterdir()
    lines = kept.read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["501-1000", "1001-1400"]


def test_a_comma_in_a_key_file_of_several_lines_is_told_by_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("A1\n1,234\nB2\n")
    done = run(f"file={file}", "actor_type=customer")
    assert done.code == 2
    assert "file: line 2: '1,234' may be 2 keys or one with a comma" in " ".join(done.err.split())


def test_a_semicolon_between_external_keys_is_warned_of(erp: RunningSimulator, run: Run) -> None:
    done = run("external=A1;A2,B1", "actor_type=customer")
    assert "A1;A2" in done.out
    assert "; does not part keys, it is sent as a part of one" in " ".join(done.out.split())
    (sent,) = erp.received("POST", "Resync")
    assert sent["body"]["ExternalKeys"] == ["A1;A2", "B1"]


def test_the_further_calls_are_shown_before_anything_is_sent(
    erp: RunningSimulator, run: Run, keys: Path
) -> None:
    done = run(f"file={keys}", "skip_bad=true")
    assert done.code == 0, done.err
    shown = [line for line in done.out.splitlines() if line.startswith("and ")]
    calls = len(erp.received("POST", "Resync"))
    assert calls > 1
    assert [line.split(", ")[0] for line in shown] == [
        f"and Business Central DE · call {number} of {calls}" for number in range(2, calls + 1)
    ]
    assert done.out.index(shown[-1]) < done.out.index("applied · ")
