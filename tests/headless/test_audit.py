"""`syncdeck audit`: what was changed from here, without a screen, a server or a valid config."""

import asyncio
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import syncdeck
from tests.ops.commands import COMMANDS, operation_for
from tui.domain.result import Result
from tui.domain.writes import FieldChange, ForceResync, Write
from tui.headless.audit import as_text
from tui.headless.output import width
from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.record import Attempt, Ending, Finding
from tui.ops.audit.trail_reader import read_trail
from tui.paths import trail_path

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def note(
    result: str | None = "applied", *, ago: timedelta = HOUR, write: Write = COMMANDS[0], **more: Any
) -> str:
    """Note an attempt on the profile `acme` as the console does; its id."""

    async def run() -> str:
        trail = FileTrail(trail_path("acme"))
        change = FieldChange("Interval", "5m", "10m")
        operation = operation_for(write).id
        named = more.get("target", "Temu · Temu DE")
        key = await trail.attempt(
            Attempt(
                NOW - ago,
                "acme",
                "production",
                operation,
                write,
                (change,),
                named,
                "jtl",
                "https://erp.example",
            )
        )
        if result is not None:
            said = more.get("sentence", f"it was {result}")
            ending = Ending(NOW - ago, Result(result), said, 504, "req-7")
            await trail.outcome(key, ending)
        return key

    return asyncio.run(run())


def audit(*arguments: object, **environment: str) -> Any:
    return syncdeck("audit", "--profile", "acme", *arguments, **environment)


def test_the_trail_is_a_table_newest_first() -> None:
    note(ago=2 * HOUR)
    note("failed", write=COMMANDS[1], sentence="401 from\nmarketplace")
    done = audit()
    assert (done.code, done.err) == (0, "")
    titles, newer, older, _, summary = done.out.splitlines()
    assert titles.split("  ")[0] == "TIME (UTC)"
    assert newer.startswith(f"{NOW - HOUR:%Y-%m-%d %H:%M:%S}  ")
    assert newer.endswith("Start sync      Temu · Temu DE  failed   401 from marketplace")
    assert older.endswith("Configure sync  Temu · Temu DE  applied  it was applied")
    assert summary == "2 entries"


def test_on_a_screen_it_fits_80_columns_whatever_stands_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody.with.a.long.name")
    note(None, write=COMMANDS[4], target="漢字" * 40)
    key = note("unknown", sentence="x" * 300)
    found = Finding(NOW, Result.NOT_APPLIED, "the interval is 5m")
    asyncio.run(FileTrail(trail_path("acme")).check(key, found))
    lines = as_text(read_trail(trail_path("acme"), 10), NOW, 80).splitlines()
    assert max(map(width, lines)) == 80
    assert "not applied" in lines[1]
    assert "no outcome" in lines[2]


def test_json_is_one_document_with_everything_in_it() -> None:
    key = note("unknown")
    found = Finding(NOW, Result.APPLIED, "the interval is 10m")
    asyncio.run(FileTrail(trail_path("acme")).check(key, found))
    done = audit("--json")
    document = done.document
    assert (done.code, document["schema"], document["profile"]) == (0, 1, "acme")
    assert (document["broken"], document["left_out"]) == ([], 0)
    [entry] = document["entries"]
    assert entry == {
        "id": key,
        "time": f"{NOW - HOUR:%Y-%m-%dT%H:%M:%SZ}",
        "user": entry["user"],
        "host": entry["host"],
        "profile": "acme",
        "environment": "production",
        "address": "https://erp.example",
        "operation": "worker.configure",
        "targets": ["a1"],
        "target_names": ["Temu · Temu DE"],
        "before": {"Interval": "5m"},
        "after": {"Interval": "10m"},
        "sent": {"interval": "00:10:00", "options": {"o1": "true"}},
        "plan": None,
        "undoes": None,
        "in_flight": False,
        "result": "applied",
        "result_at_first": "unknown",
        "sentence": "it was unknown",
        "ended_at": f"{NOW - HOUR:%Y-%m-%dT%H:%M:%SZ}",
        "status": 504,
        "request_id": "req-7",
        "responses": [],
        "checks": [
            {
                "time": f"{NOW:%Y-%m-%dT%H:%M:%SZ}",
                "result": "applied",
                "sentence": "the interval is 10m",
            }
        ],
    }


def test_what_is_unknown_is_null() -> None:
    note(None)
    [entry] = audit("--json").document["entries"]
    empty = ("result", "result_at_first", "sentence", "ended_at", "status", "request_id")
    assert [entry[name] for name in empty] == [None] * 6


def test_what_was_only_accepted_is_not_told_as_applied() -> None:
    note("accepted")
    assert "  accepted  it was accepted" in audit().out
    [entry] = audit("--json").document["entries"]
    assert (entry["result"], entry["result_at_first"]) == ("accepted", "accepted")


@pytest.mark.parametrize(
    ("when", "count"),
    [("90m", 1), ("3h", 2), ("2d", 2), (f"{NOW - 1.5 * HOUR:%Y-%m-%dT%H:%M}", 1)],
    ids=["minutes", "hours", "days", "a time"],
)
def test_since_leaves_out_what_is_older(when: str, count: int) -> None:
    note(None, ago=2 * HOUR)
    note()
    assert len(audit("--json", "--since", when).document["entries"]) == count
    assert len(syncdeck("--profile", "acme", "audit", "--json").document["entries"]) == 2


def test_a_time_that_is_none_is_told_in_a_sentence() -> None:
    done = audit("--since", "last week")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "'last week' is not a time: write now, 2h, 2h ago, 01:00," in done.err


# verify.


def test_when_all_is_well_verify_says_so() -> None:
    note()
    note()
    done = audit("verify")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("no unreadable line and no missing or unknown outcome: 2 entries (")


def test_verify_names_an_attempt_without_outcome_with_file_and_line() -> None:
    note()
    key = note(None)
    done = audit("verify")
    assert done.code == 1
    first = done.out.splitlines()[0]
    at = f"{NOW - HOUR:%Y-%m-%d %H:%M:%S} UTC"
    assert first.startswith(f"{trail_path('acme')}:3: no outcome: Configure sync · Temu · Temu DE, {at}")
    assert key in first
    assert "Check the target before you send it again" in done.out


def test_verify_lists_what_counts_as_unresolved_and_what_to_do() -> None:
    """As the help of `syncdeck_unresolved_writes` says."""
    note()
    resync = ForceResync(1, (670, 47))
    key = note("unknown", write=resync, target="CRM", sentence="the response was lost")
    done = audit("verify")
    assert done.code == 1
    first, *rest = done.out.splitlines()
    at = f"{NOW - HOUR:%Y-%m-%d %H:%M:%S} UTC"
    assert first.startswith(f"{trail_path('acme')}:3: unknown: Forced resync · CRM, {at}")
    assert f"(id {key}): the response was lost · Compare some of the records in both systems" in first
    assert "1 unknown outcome: whether it took effect is unknown." in rest
    assert [one["id"] for one in audit("verify", "--json").document["entries"]] == [key]
    asyncio.run(FileTrail(trail_path("acme")).check(key, Finding(NOW, Result.APPLIED, "it is there")))
    assert audit("verify").code == 0


def test_verify_names_a_broken_line_and_says_why() -> None:
    note()
    with trail_path("acme").open("a") as file:
        file.write('{"record":"att\x1b[2J')
    note()
    done = audit("verify")
    assert done.code == 1
    expected = f"{trail_path('acme')}:3: not JSON: cut short, as by a crash"
    assert done.out.splitlines()[0] == expected
    assert "1 line unreadable" in done.out
    assert "\x1b" not in done.out


def test_what_a_look_at_the_target_has_settled_needs_no_other_look() -> None:
    key = note(None)
    trail = FileTrail(trail_path("acme"))
    asyncio.run(trail.check(key, Finding(NOW, Result.UNKNOWN, "it did not answer")))
    assert audit("verify").code == 1
    asyncio.run(trail.check(key, Finding(NOW, Result.APPLIED, "the interval is 10m")))
    assert audit("verify").code == 0


def test_verify_as_json_holds_only_what_needs_a_look() -> None:
    note()
    key = note(None)
    done = audit("verify", "--json")
    assert done.code == 1
    assert [entry["id"] for entry in done.document["entries"]] == [key]


def test_what_is_in_flight_is_not_told_as_lost() -> None:
    note(None, ago=NOW - datetime.now(UTC))
    assert audit("verify").code == 0
    assert audit("--json").document["entries"][0]["in_flight"]
    assert "no missing or unknown outcome: 1 entry, 1 on its way (" in audit("verify").out


# Without this and that.


def test_without_a_trail_it_says_so(private_places: Path) -> None:
    config = private_places / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[profiles.acme]\n")
    for arguments in ((), ("verify",)):
        done = syncdeck("audit", *arguments)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith("profile acme has no audit trail yet: nothing was changed from here")
    done = syncdeck("audit", "--json")
    assert (done.code, done.document["entries"]) == (0, [])
    assert "no audit trail yet" in done.err


def test_a_config_that_is_broken_does_not_keep_a_named_trail_from_being_read(
    private_places: Path,
) -> None:
    config = private_places / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[profiles.acme\n")
    note()
    assert audit().code == 0
    assert "not valid TOML" in syncdeck("audit").err


def test_a_config_that_is_not_valid_still_chooses_the_profile(private_places: Path) -> None:
    config = private_places / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[profiles.acme]\nnonsense = 1\n")
    note()
    assert "1 entry" in syncdeck("audit").out


@pytest.mark.parametrize("name", ["../acme", "..", "a/b", "none", ""])
def test_a_profile_without_a_trail_and_without_a_config_is_told(name: str) -> None:
    note()
    done = syncdeck("audit", "--profile", name)
    assert (done.code, done.out) == (2, "")


def test_the_demo_has_no_trail_and_says_so() -> None:
    done = syncdeck("audit", "--demo")
    assert (done.code, done.out) == (0, "the demo keeps no audit trail\n")
    assert syncdeck("audit", "verify", "--demo", "--json").document["entries"] == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_trail_that_may_not_be_read_is_a_sentence() -> None:
    note()
    trail_path("acme").chmod(0)
    done = audit()
    assert (done.code, done.err) == (2, f"syncdeck: {trail_path('acme')}: Permission denied\n")


def test_reading_changes_nothing() -> None:
    note(None)
    before = trail_path("acme").read_bytes()
    audit()
    audit("verify")
    assert trail_path("acme").read_bytes() == before
    assert stat.S_IMODE(trail_path("acme").stat().st_mode) == 0o600
    assert json.loads(before)["target_names"] == ["Temu · Temu DE"]


@pytest.mark.parametrize("action", [(), ("verify",)])
def test_a_pipe_in_the_place_of_the_trail_is_a_sentence_and_not_waited_for(
    action: tuple[str, ...],
) -> None:
    place = trail_path("acme")
    place.parent.mkdir(parents=True)
    os.mkfifo(place)
    done = audit(*action)
    assert (done.code, done.err) == (2, f"syncdeck: {place}: it is not a regular file\n")


_SECRETS = ("abcdef1234567890SECRETXYZ", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "hunter22", "SEKRET123456789")
_HOSTILE = (
    "login refused token=abcdef1234567890SECRETXYZ \x1b[31mred\x07\x9b2J\u202e"
    " Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc"
    " https://kim:hunter22@host/p?api_key=SEKRET123456789"
)


@pytest.mark.parametrize("result", ["failed", None])
@pytest.mark.parametrize("arguments", [[], ["--json"], ["verify"], ["verify", "--json"]])
def test_what_a_server_said_comes_out_without_secrets_and_control_characters(
    arguments: list[str], result: str | None
) -> None:
    """Also out of a file that somebody else wrote, with a line that cannot be read."""
    key = note(result, ago=HOUR, sentence=_HOSTILE, target=f"Temu {_HOSTILE}")
    path = trail_path("acme")
    attempt = json.loads(path.read_text().splitlines()[0])
    attempt["before"] = {"Message": _HOSTILE, "FTP password": "plain-text-word"}
    attempt["sent"] = {"options": {"Address": _HOSTILE}, "keys": ["4711", "a" * 40]}
    rest = path.read_text().splitlines()[1:]
    path.write_text("\n".join([json.dumps(attempt), *rest, f"half {_HOSTILE}", ""]))
    done = audit(*arguments)
    said = done.out + done.err
    assert [secret for secret in (*_SECRETS, "plain-text-word") if secret in said] == []
    assert [char for char in said if not (char.isprintable() or char == "\n")] == []
    if arguments == ["--json"]:
        [entry] = done.document["entries"]
        # What identifies something stays exact.
        assert (entry["id"], entry["targets"], entry["sent"]["keys"]) == (
            key,
            ["a1"],
            ["4711", "a" * 40],
        )
        assert "•••" in entry["before"]["Message"]
