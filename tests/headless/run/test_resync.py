"""`syncdeck run force-resync` with many keys: in order, in several calls, and no account is lost."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drivers.command import Finished, Run
from tests.drivers.simulator import RunningSimulator


@pytest.fixture
def run(erp: RunningSimulator, ran: Run) -> Run:
    def run(*settings: str, target: str = "1") -> Finished:
        given = [part for one in settings for part in ("--set", one)]
        return ran("run", "force-resync", target, *given, "--yes", "--profile", "sim")

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
    assert "file: line 7: 'x7' is not a number" in named[0]
    assert "skip_bad=true skips invalid lines" in done.err
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
    assert "Open the response" not in done.out
    assert "    the changes were not reported\n" in done.out
    assert "    at ErpSync.Send()\n    line 7\n" in done.out


def test_a_warning_and_the_number_of_changes_are_told(erp: RunningSimulator, run: Run) -> None:
    erp.state(superoffice={"outcomes": {"*": {"status": "Warn"}}})
    done = run("keys=670,47")
    assert done.code == 0
    assert "    succeeded, with a warning\n    2 records changed\n" in done.out


def test_a_call_that_certainly_did_nothing_is_among_the_rest(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    erp.fault("ForceResync=slow:0*1")
    erp.fault("ForceResync=status:429*1")
    done = run("keys=1-1400")
    assert done.code != 0
    (kept,) = (private_places / "state" / "resync").iterdir()
    lines = kept.read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == [str(key) for key in range(501, 1401)]


def test_a_comma_in_a_key_file_of_several_lines_is_told_by_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("A1\n1,234\nB2\n")
    done = run(f"file={file}", "actor_type=customer")
    assert done.code == 2
    assert "file: line 2: '1,234' may be 2 keys or one with a comma" in " ".join(done.err.split())


def test_a_semicolon_between_external_keys_is_warned_of(erp: RunningSimulator, run: Run) -> None:
    done = run("external=A1;A2,B1", "actor_type=customer")
    assert "A1;A2" in done.out
    assert "; does not separate keys, it is sent as part of a key" in " ".join(done.out.split())
    (sent,) = erp.received("POST", "Resync")
    assert sent["body"]["ExternalKeys"] == ["A1;A2", "B1"]


CASES = {
    "junk-lines.txt": b"10001\n10002\n0221-4711\n10003\t2\n1,234\n??\n",
    "e4-quoted.csv": b'"ErpKey"\r\n"10001"\r\n"10002"\r\n',
    "4-quoted.csv": b'"670"\r\n"47"\r\n',
}
"""The files of the field that these stories are about."""


@pytest.fixture
def case(tmp_path: Path) -> Callable[[str], Path]:
    def write(name: str) -> Path:
        (tmp_path / name).write_bytes(CASES[name])
        return tmp_path / name

    return write


@pytest.mark.parametrize("setting", ["file={}", "keys=@{}"])
def test_d1_a_line_of_a_file_that_is_not_one_key_stops_it_and_is_named(
    erp: RunningSimulator, run: Run, case: Callable[[str], Path], setting: str
) -> None:
    done = run(setting.format(case("junk-lines.txt")))
    assert done.code == 2
    for told in (
        "line 3: '0221-4711' is a range or a phone number",
        "line 4: '10003\\t2' has a tab",
        "line 5: '1,234' is a number with separators or several keys",
        "line 6: '??' is not a number",
    ):
        assert told in done.err
    assert erp.received("POST", "Resync") == []


def test_d1_bad_lines_of_a_file_that_are_skipped_are_told_with_lines_and_keys(
    erp: RunningSimulator, run: Run, case: Callable[[str], Path]
) -> None:
    done = run(f"file={case('junk-lines.txt')}", "skip_bad=true")
    assert done.code == 0, done.err
    assert "Key list: 6 lines · 2 keys · 4 bad lines." in done.out
    assert "4 bad lines left out: 3, 4, 5, 6" in done.out
    (sent,) = erp.received("POST", "Resync")
    assert sent["body"]["InternalKeyIds"] == [10001, 10002]


def test_d1_more_keys_than_lines_are_sent_only_with_their_number(
    erp: RunningSimulator, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("670\n100-120\n47,12\n670\n")
    for wrong in ([], ["expect_keys=25"]):
        done = run(f"file={file}", "ranges=true", *wrong)
        assert done.code == 2
        assert "24 keys" in done.err
    assert "line 2: '100-120' gives 21 keys" in run(f"file={file}", "ranges=true").err
    assert erp.received("POST", "Resync") == []
    done = run(f"file={file}", "ranges=true", "expect_keys=24")
    assert done.code == 0, done.err
    assert "Key list: 4 lines · 24 keys · 1 repeated." in done.out
    assert "line 2: '100-120' gives 21 keys; line 3: '47,12' gives 2 keys" in done.out
    assert "1 repeated key sent once: line 4: 670 again, first on line 1" in done.out
    (sent,) = erp.received("POST", "Resync")
    assert sent["body"]["InternalKeyIds"] == [670, *range(100, 121), 47, 12]


def test_d1_lines_that_a_shell_puts_into_the_setting_are_confirmed_the_same_way(
    erp: RunningSimulator, run: Run
) -> None:
    assert "2 lines gave 22 keys" in run("keys=670\n100-120").err
    assert erp.received("POST", "Resync") == []
    assert run("keys=670,100-120").code == 0


def test_d2_quotes_are_removed_and_a_header_has_to_be_said(
    erp: RunningSimulator, run: Run, case: Callable[[str], Path]
) -> None:
    file = case("e4-quoted.csv")
    done = run(f"file={file}", "actor_type=Customer")
    assert done.code == 2
    assert "line 1, 'ErpKey', looks like a header: write header=skip" in done.err
    assert "or header=key" in done.err
    assert erp.received("POST", "Resync") == []
    for header in ("skip", "key"):
        done = run(f"external=@{file}", "actor_type=Customer", f"header={header}")
        assert done.code == 0, done.err
    bodies = [one["body"]["ExternalKeys"] for one in erp.received("POST", "Resync")]
    assert bodies == [["10001", "10002"], ["ErpKey", "10001", "10002"]]


def test_d2_quoted_numbers_of_a_file_are_keys(
    erp: RunningSimulator, run: Run, case: Callable[[str], Path]
) -> None:
    assert run(f"file={case('4-quoted.csv')}").code == 0
    (sent,) = erp.received("POST", "Resync")
    assert sent["body"]["InternalKeyIds"] == [670, 47]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("ErpKey\n10001\n".encode("utf-16"), "2 lines of UTF-16 text: save it as UTF-8"),
        ("ErpKey\n10001\n".encode("utf-16-le"), "2 lines of UTF-16 text: save it as UTF-8"),
        ("ErpKey\n10001\n".encode("utf-32"), "2 lines of UTF-32 text: save it as UTF-8"),
        (b"PK\x03\x04rest", "an Excel workbook or a ZIP archive: export the keys as text"),
        (bytes(range(32)) * 40, "binary data (1,280 bytes)"),
        ("Müller\nMeier\n".encode("latin-1"), "1 × not UTF-8"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "no key: it is empty"),
        (b"# nothing\n", "no key: every line is empty or a comment"),
        (b"ErpKey\n", "no key: 1 line, which is a header ('ErpKey')"),
        (b"Id;Name\n670;Acme\n47;Pear\n", "no key on 3 lines: 2 × several values, and a header"),
        (b"7" * 6_000_000, "is larger than 5 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_d2_a_file_without_any_key_says_how_many_lines_and_why(
    erp: RunningSimulator, run: Run, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "keys.csv"
    file.write_bytes(content)
    for skipping in ([], ["skip_bad=true"]):
        done = run(f"file={file}", *skipping)
        assert done.code == 2
        assert told in done.err
        assert "everything" not in done.err
    assert erp.received("POST", "Resync") == []


@pytest.mark.parametrize("kind", ["directory", "pipe", "device", "missing"])
def test_d2_what_is_not_a_file_is_refused_and_not_waited_for(
    erp: RunningSimulator, run: Run, tmp_path: Path, kind: str
) -> None:
    place = {"device": Path("/dev/zero"), "directory": tmp_path}.get(kind, tmp_path / kind)
    if kind == "pipe":
        os.mkfifo(place)
    done = run(f"keys=@{place}")
    assert done.code == 2
    assert "everything" not in done.err
    assert erp.received("POST", "Resync") == []


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


@pytest.mark.parametrize(("bad", "lines"), [(2, 2), (3, 5)])
def test_a_few_problems_stand_on_one_line_and_more_on_a_line_each(
    erp: RunningSimulator, run: Run, tmp_path: Path, bad: int, lines: int
) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("670\n" + "".join(f"x{number}\n" for number in range(bad)))
    done = run(f"file={file}")
    assert done.code == 2
    assert len(done.err.splitlines()) == lines
    assert done.err.endswith("syncdeck: nothing was sent\n")
    assert erp.received("POST", "Resync") == []


def test_a_call_that_fails_holds_back_the_last_one_too(erp: RunningSimulator, run: Run) -> None:
    erp.fault("ForceResync=slow:0*1")
    erp.fault("ForceResync=status:500*1")
    done = run("keys=1-1400")
    told = [one for one in done.out.splitlines() if " · call " in one and not one.startswith("and ")]
    assert [one.split(" · ")[0] for one in told] == ["applied", "failed", "not sent"]
    assert len(erp.received("POST", "Resync")) == 2


def test_what_is_kept_until_all_is_sent_is_told_before_the_first_call(
    erp: RunningSimulator, run: Run, private_places: Path
) -> None:
    done = run("keys=1-1400")
    assert done.code == 0
    kept = [one for one in done.err.splitlines() if "unsent keys are kept in" in one]
    assert len(kept) == 1
    assert list((private_places / "state" / "resync").iterdir()) == []
