"""`syncdeck report` and `handover`: what they write, where, and that nothing in it does harm."""

import json
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.domain.report.reading import codes, plain, read_html, tokens
from tests.drivers.command import Finished, Run
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorded_night import FAILED, NOW, OK, TEMU, at, changed, night, polls
from tests.session.reported import section, sentence, sources
from tui.cli.main import main
from tui.domain.health.rules import Level
from tui.domain.history.records import Event, EventKind, State, Subject, SubjectKind
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.report.formats import Format
from tui.domain.result import Result
from tui.headless.reporting import DocumentRequest, Kept, run
from tui.history.memory import MemoryHistory
from tui.ops.audit.entries import Entry, History
from tui.ops.audit.plan import Plan
from tui.ops.drafts.draft import Draft, DraftKey, DraftText
from tui.ops.maintenance.journals import Known
from tui.session.report.handover import Unfinished

NASTY = "`` x\\| <img src=x onerror=alert(1)> [y](javascript:z) ~~q~~ \x1b[31m\u202e"
SECRETS = ("hunter2-hunter2", "eyJhbGciOiJIUzI1NiJ9.secret-payload", "bearer-value-123456")
LEAKING = f"password={SECRETS[0]} {SECRETS[1]} Authorization: Bearer {SECRETS[2]}"
ALL = tuple(Format)


@pytest.fixture
def write(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(
        command: str = "report",
        *,
        reader: Any = None,
        trail: History | None = None,
        maintenances: Known | None = None,
        **more: Any,
    ) -> Finished:
        given = sources(reader, trail)
        unfinished = Unfinished([draft("Temu DE")], maintenances or Known())
        request = DocumentRequest(command, **more)
        code = run(request, lambda: Kept(lambda _since, _back_to: given, lambda: unfinished), NOW)
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return call


def draft(name: str) -> Draft:
    texts = (DraftText("interval", "Interval", "10m"),)
    return Draft(DraftKey("worker.configure", "s-1"), name, texts, at(2))


def hostile_night() -> MemoryHistory:
    """Every text that anybody but us can set holds markup and secrets."""
    said = f"{NASTY} {LEAKING}"
    subject = Subject(SubjectKind.SYNC, f"k {NASTY}", f"{NASTY} · {NASTY} name")
    bad = State(f"error {NASTY}", Level.ERROR, said, interval_s=300.0)
    kept = night()
    kept.add([changed(10, subject, None, OK), changed(3, subject, OK, bad)])
    kept.add(
        [
            Event(at(2.5), EventKind.NOTE, said, user=NASTY),
            Event(at(2.4), EventKind.ACTION, f"Start sync · {NASTY}: {said}", subject, NASTY),
            Event(at(2.3), EventKind.UNLOCK, said, user=NASTY, ref=NASTY),
        ]
    )
    kept.add(polls(at(2), at(1.5), "status", error=said))
    return kept


def nightly(id: str = "m-1", name: str = "nightly", reason: str = "ERP update") -> Maintenance:
    """Opened at 01:00 until 03:00; one target is off since, one was left."""
    off = NotedTarget("s-1", "Temu DE", MemberKind.SYNC, "ok", stop=Step(at(7), Result.APPLIED))
    left = NotedTarget("s-2", "Otto DE", MemberKind.SYNC, "off", left="it was off")
    return Maintenance(id, name, "acme", reason, "anna", at(7), at(5), (off, left))


HOSTILE = Known((nightly(NASTY, NASTY, f"{NASTY} {LEAKING}"),), (f"{NASTY} {LEAKING}",))


def hostile_trail() -> History:
    """An attempt, and a bulk of which nothing was sent, whose every text is hostile."""
    words = f"{NASTY} {LEAKING}"
    entry = Entry(
        id=NASTY,
        at=at(2),
        operation=NASTY,
        line=1,
        user=NASTY,
        targets=(NASTY,),
        target_names=(f"{NASTY} target",),
        before={NASTY: words, "api token": SECRETS[0]},
        after={NASTY: words, "api token": SECRETS[1]},
        sentence=words,
    )
    plan = Plan(NASTY, at(3), NASTY, 1, user=NASTY, targets=("a", "b"))
    return History((entry,), plans=(plan,))


@pytest.mark.parametrize("command", ["report", "handover"])
def test_hostile_text_and_secrets_do_no_harm_in_markdown(write: Any, command: str) -> None:
    text = write(command, reader=hostile_night(), trail=hostile_trail(), maintenances=HOSTILE).out
    kinds = {token.type for token in tokens(text)}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "fence", "code_block"}
    assert not kinds & {"em_open", "strong_open"}
    assert "s_open" not in kinds
    outside = plain(text)
    for part in ("onerror", "javascript", "~~", "`", "\x1b", "\u202e"):
        assert part not in outside
    assert any("onerror=alert(1)" in one for one in codes(text))
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("command", ["report", "handover"])
def test_hostile_text_and_secrets_do_no_harm_in_html(write: Any, command: str) -> None:
    text = write(
        command,
        reader=hostile_night(),
        trail=hostile_trail(),
        maintenances=HOSTILE,
        format=Format.HTML,
    ).out
    page = read_html(text)
    assert not set(page.tags) & {"script", "img", "a", "link", "iframe", "svg", "form"}
    assert not [name for _, name in page.attributes if name.startswith("on") or name in ("src", "href")]
    around = {tag for tag, said in page.texts if "onerror" in said}
    assert around <= {"code", "title"}
    assert not [secret for secret in SECRETS if secret in text]
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


@pytest.mark.parametrize("command", ["report", "handover"])
def test_hostile_text_and_secrets_do_no_harm_in_json(write: Any, command: str) -> None:
    text = write(
        command,
        reader=hostile_night(),
        trail=hostile_trail(),
        maintenances=HOSTILE,
        format=Format.JSON,
    ).out
    found = json.loads(text)
    assert (found["schema"], found["kind"]) == (1, command)
    assert text.isascii()
    assert not [secret for secret in SECRETS if secret in text]
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)


def test_a_json_report_holds_the_facts_in_utc(write: Any) -> None:
    found = write(format=Format.JSON, is_postmortem=True).document
    assert (found["since"], found["until"]) == ("2026-11-30T00:00:00Z", "2026-11-30T08:00:00Z")
    assert found["complete"] == 0.95
    assert found["gaps"][0]["from"] == "2026-11-30T01:00:00Z"
    assert {(one["name"], one["to"]) for one in found["impact"]} == {
        ("Temu · Temu DE", None),
        ("Otto · Otto DE", "2026-11-30T03:00:00Z"),
    }
    assert (found["causes"], found["actions"]) == ([], [])
    assert [row["kind"] for row in found["timeline"]] == ["gap", "change", "note", "change"]
    assert found["now"]["attention"][0]["name"] == "Temu · Temu DE"


def test_a_handover_says_what_is_open_and_what_is_unfinished(write: Any) -> None:
    text = write("handover").out
    assert sentence(text) == "1 problem is open, 1 to watch, 1 item unfinished."
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Open now",
        "## Watch next",
        "## Done in the shift",
        "## Notes",
        "## Unfinished",
    ]
    assert section(text, "Open now") == [
        "- `Temu · Temu DE` error since 02:00 (6h): `401 from marketplace`"
    ]
    assert section(text, "Watch next") == ["- not seen 01:00 to 01:20 (20m): nothing was recording"]
    assert section(text, "Notes") == ["- 02:30 anna: `token renewed`"]
    assert section(text, "Unfinished") == [
        "- Draft Configure sync of `Temu DE` since 06:00: 1 field changed and not sent"
    ]


def test_open_maintenance_is_handed_over(write: Any) -> None:
    known = Known((nightly(),), ("m-2.json cannot be read: not JSON",))
    left = section(write("handover", maintenances=known).out, "Unfinished")
    assert left[0] == (
        "- Maintenance `nightly` since 01:00 until 03:00 by anna:"
        " 1 off, overdue · `ERP update` · `syncdeck maintenance close m-1 --profile acme`"
    )
    assert left[-1] == "- Not known: `m-2.json cannot be read: not JSON`"
    [one] = write("handover", maintenances=known, format=Format.JSON).document["maintenance"]
    assert (one["target"], one["by"], one["until"]) == ("nightly", "anna", "2026-11-30T03:00:00Z")
    assert one["reason"] == "ERP update"
    hidden = write("handover", maintenances=known, is_anonymous=True).out
    assert "nightly" not in hidden
    assert "ERP update" not in hidden


def test_what_failed_again_and_again_is_to_be_watched(write: Any) -> None:
    kept = MemoryHistory()
    kept.add([changed(10, TEMU, None, OK), *polls(at(10), NOW, "status")])
    for hours in (6, 4, 2):
        kept.add([changed(hours, TEMU, OK, FAILED), changed(hours - 0.5, TEMU, FAILED, OK)])
    watch = section(write("handover", reader=kept).out, "Watch next")
    assert watch == ["- `Temu · Temu DE` had a problem 3 times"]
    late = replace(OK, state="overdue", level=Level.WARNING, text="64 payments")
    kept.add([changed(0.5, TEMU, OK, late)])
    text = write("handover", reader=kept).out
    assert section(text, "Watch next")[0] == "- `Temu · Temu DE` overdue since 07:30 (30m)"
    assert section(text, "Open now") == ["Nothing is open."]


def test_a_handover_of_what_is_no_longer_seen_says_so_first(write: Any) -> None:
    kept = MemoryHistory()
    kept.add([changed(6, TEMU, None, FAILED), *polls(at(6), at(2), "status")])
    text = write("handover", reader=kept).out
    assert sentence(text).startswith("Seen last at 06:00: 1 problem is open")
    [line] = section(text, "Open now")
    assert line.endswith("(seen last; not seen now)")


def test_a_file_is_new_and_private_and_its_path_is_told(write: Any, tmp_path: Path) -> None:
    target = tmp_path / "night.html"
    done = write(output=target, format=Format.HTML)
    assert (done.code, done.out, done.err) == (0, f"wrote {target}\n", "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_text().startswith("<!DOCTYPE html>")
    target.write_text("edited by a person")
    again = write(output=target)
    assert (again.code, again.out) == (2, "")
    assert "exists already and was not changed" in again.err
    assert target.read_text() == "edited by a person"


def test_a_folder_that_is_not_there_is_not_made(write: Any, tmp_path: Path) -> None:
    done = write(output=tmp_path / "new" / "night.md")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"syncdeck: there is no folder {tmp_path / 'new'}\n"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("command", ["report", "handover"])
def test_the_help_has_the_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert "74 the output" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"since": NOW}, "--since must lie before --until"),
        ({"since": at(1), "until": at(2)}, "--since must lie before --until"),
        ({"syncs": ("Temu DX",)}, "there is no record of 'Temu DX': did you mean Temu · Temu DE"),
    ],
)
def test_wrong_usage_writes_nothing(write: Any, tmp_path: Path, wrong: Any, said: str) -> None:
    done = write(output=tmp_path / "x.md", **wrong)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert not (tmp_path / "x.md").exists()


def test_the_demo_s_night_can_be_pasted_as_it_is(ran: Run) -> None:
    text = ran("report", "--demo", "--since", "24h").out
    night = r"From \d\d:\d\d on three syncs \(Kaufland, Otto, Temu\) of demo failed; \d+ failed runs"
    assert re.match(night, sentence(text))
    assert "`401 from marketplace`" in sentence(text)
    assert "- Seen: 99 % of 1d; not seen " in text
    assert any("note by anna" in line and "ticket 4711" in line for line in section(text, "Timeline"))
    done = "anna: Configure sync `Temu · Temu DE`: interval "
    assert [done in line for line in section(text, "What was done")] == [True, True]
    assert all(section(text, title) for title in ("Impact", "State now", "Not known"))
    assert not re.search(r"\x1b|None|\{|datetime", text)


def test_without_any_history_the_audit_trail_alone_is_told(erp: RunningSimulator, ran: Run) -> None:
    write_config(erp)
    done = ran("run", "worker.configure", "Temu DE", "--set", "interval=10m", "--yes")
    assert done.code == 0
    [attempt] = [one["id"] for one in ran("audit", "--json").document["entries"]]
    report = ran("report")
    assert (report.code, report.err) == (0, "")
    assert "nothing was recorded. 1 change was made from here." in sentence(report.out)
    assert "- Seen: 0 % of 8h; nothing was recorded" in report.out
    [deed] = section(report.out, "What was done")
    assert "Configure sync `Temu · Temu DE`: " in deed
    assert "`5m` → `10m`" in deed
    assert deed.endswith(f" · audit {attempt}")
    of_it = ran("report", "--sync", "Temu DE", "--format", "json").document
    assert [one["audit_id"] for one in of_it["done"]] == [attempt]
    assert ran("report", "--sync", "Otto Market").code == 2
    handover = ran("handover")
    assert handover.code == 0
    assert section(handover.out, "Done in the shift") == [deed]


def test_a_note_is_struck_through_and_never_edited(erp: RunningSimulator, ran: Run) -> None:
    write_config(erp)
    name = re.search(r"noted as (\w+) at", ran("note", "called JTL support, ticket 123").out)
    assert name is not None
    ran("note", "token renewed")
    listed = ran("note", "--list").out.splitlines()
    assert len(listed) == 2
    assert ran("note", "--strike", name[1]).code == 0
    assert ran("note", "--strike", name[1]).code == 2
    assert ran("note", "--strike", "zzz").code == 2
    struck = ["struck through by" in line for line in ran("note", "--list").out.splitlines()]
    assert struck == [False, True]
    items = ran("history", "--json").document["items"]
    assert [(one["text"], one["to"]) for one in items if one["kind"] == "note"] == [
        ("token renewed", None),
        ("called JTL support, ticket 123", "struck through"),
    ]
    notes = section(ran("handover").out, "Notes")
    assert len(notes) == 2
    assert re.search(r"~~`called JTL support, ticket 123`~~ · struck through by \S+$", notes[0])
    for wrong in ((), ("x", "--list"), ("x", "--strike", "a")):
        assert ran("note", *wrong).code == 2


def test_the_window_ends_now_at_the_latest(write: Any) -> None:
    later = NOW + timedelta(hours=5)
    found = write(until=later, format=Format.JSON).document
    assert datetime.fromisoformat(found["until"]) == NOW.astimezone(UTC)
