"""The journal is the lock, is never replaced by another one, and survives what a file can suffer."""

import os
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.domain.maintenance.samples import DONE, ONE, maintenance, target
from tui.domain.maintenance.records import Holder, Maintenance, MemberKind, NotedTarget, Step
from tui.domain.result import Result
from tui.ops.audit.process_mark import mark_of
from tui.ops.maintenance.journal_json import as_bytes, from_bytes
from tui.ops.maintenance.journals import KEPT_FOR, FileJournals, Journals, MemoryJournals
from tui.ops.refusal import Refusal


@pytest.fixture(params=["files", "memory"])
def journals(request: pytest.FixtureRequest, tmp_path: Path) -> Journals:
    return FileJournals(tmp_path / "sim") if request.param == "files" else MemoryJournals()


def held(found: Maintenance | Refusal) -> Maintenance:
    assert isinstance(found, Maintenance), found
    return found


def refused(found: Maintenance | Refusal) -> str:
    assert isinstance(found, Refusal), found
    return found.sentence


def test_a_journal_is_read_as_it_was_written() -> None:
    engine = NotedTarget("engine", "ErpSync engine", MemberKind.ENGINE, "running", stop=DONE)
    one = maintenance(
        engine,
        target(left="it was off before"),
        target("b", stop=Step(ONE), start=Step(ONE, Result.NOT_APPLIED, "a2", "still off")),
        addresses=(("jtl", "https://erp"),),
        drain_s=900.0,
        holder=Holder(7, "erp1", "mark", "ada"),
        closed_at=ONE + timedelta(hours=1),
    )
    assert from_bytes(as_bytes(one)) == one


def test_a_second_one_of_that_name_or_with_a_target_of_the_first_is_refused(journals: Journals) -> None:
    first = journals.release(held(journals.create(maintenance(target(stop=DONE)))))
    assert "nightly is open since 2026-11-30 01:00 UTC" in refused(journals.create(first))
    other = replace(first, id="other-1", name="other", targets=(target(),))
    assert "belongs to the open maintenance nightly" in refused(journals.create(other))
    assert journals.read().items == (first,)


def test_the_same_name_can_be_opened_again_once_it_is_closed(journals: Journals) -> None:
    first = journals.release(held(journals.create(maintenance(target(stop=DONE)))), ONE)
    second = journals.release(held(journals.create(maintenance(target(stop=DONE)))))
    assert [one.id for one in journals.read().items] == [first.id, f"{first.id}-2"]
    assert journals.read().find("nightly") == second


def test_whoever_works_on_it_holds_it(journals: Journals) -> None:
    one = held(journals.create(maintenance(target(stop=DONE))))
    assert "is opening nightly now" in refused(journals.claim(one.id))
    assert "is opening nightly now" in refused(journals.forget(one.id, ONE))
    journals.release(one)
    assert held(journals.claim("nightly")).holder is not None


def test_a_journal_that_somebody_else_holds_by_now_is_not_replaced(journals: Journals) -> None:
    one = held(journals.create(maintenance(target())))
    stopped = one.with_target(target(stop=DONE))
    journals.keep(stopped)
    journals.keep(stopped)
    theirs = replace(stopped, holder=Holder(1, "another-host", "mark"))
    journals.save(theirs)
    for write in (journals.keep, journals.release, journals.give_back):
        with pytest.raises(OSError, match="somebody else works on it by now"):
            write(one)
    assert journals.read().items == (theirs,)


def test_a_journal_that_is_given_back_is_as_it_was(journals: Journals) -> None:
    before = journals.release(held(journals.create(maintenance(target(stop=DONE)))))
    journals.give_back(held(journals.claim(before.id, closes=True)))
    assert journals.read().items == (before,)
    assert not before.is_closing


def test_a_review_that_was_overtaken_claims_nothing(journals: Journals) -> None:
    before = journals.release(held(journals.create(maintenance(target(stop=DONE), target("b")))))
    going_on = held(journals.claim(before.id, reviewed=before.targets))
    after = journals.release(going_on.with_target(target("b", stop=DONE)))
    said = refused(journals.claim(before.id, closes=True, reviewed=before.targets))
    assert said == "changed since the review: b: stop applied"
    assert journals.read().items == (after,)


@pytest.mark.parametrize(
    ("holder", "holds"),
    [
        (Holder(os.getppid(), socket.gethostname(), mark_of(os.getppid())), True),
        (Holder(os.getppid(), socket.gethostname(), "another process had that id"), False),
        (Holder(os.getpid(), socket.gethostname(), mark_of(os.getpid())), False),
        (Holder(1, "another-host", ""), True),
    ],
    ids=["alive", "another process", "ours, of no run", "another host"],
)
def test_a_process_that_ended_holds_nothing(journals: Journals, holder: Holder, holds: bool) -> None:
    journals.save(maintenance(target(), holder=holder))
    (one,) = journals.read().items
    assert (one.holder is not None) is holds
    assert isinstance(journals.claim(one.id), Refusal) is holds


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    code = (
        "from tests.ops.maintenance.test_journals import *; import os\n"
        f"FileJournals(Path({str(tmp_path)!r}) / 'sim').create(maintenance(target()))\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -9
    journals = FileJournals(tmp_path / "sim")
    (one,) = journals.read().items
    assert one.is_interrupted
    assert held(journals.claim(one.id)).targets == one.targets


def test_what_cannot_be_read_is_told_and_hinders_a_new_one(tmp_path: Path) -> None:
    journals = FileJournals(tmp_path)
    (tmp_path / "broken-1.json").write_text('{"schema": 1, "id": "x"}')
    known = journals.read()
    assert known.items == ()
    assert "broken-1.json cannot be read" in known.troubles[0]
    assert "broken-1.json" in refused(journals.create(maintenance(target())))
    assert (tmp_path / "broken-1.json").read_text() == '{"schema": 1, "id": "x"}'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"opened_at": "2026-', b'"opened_at": "PLANTED'),
        (b'"applied"', b'"PLANTED"'),
        (b'"sync"', b'"PLANTED"'),
        (b'"targets": [', b'"targets": ["PLANTED", '),
        (b'"drain_s": 0.0', b'"drain_s": "PLANTED"'),
    ],
)
def test_a_value_that_is_wrong_spoils_its_journal_and_is_not_quoted(old: bytes, new: bytes) -> None:
    content = as_bytes(maintenance(target(stop=DONE)))
    assert old in content
    with pytest.raises(ValueError, match="it is not a journal") as raised:
        from_bytes(content.replace(old, new))
    assert "PLANTED" not in str(raised.value)


def test_server_text_in_a_journal_is_cleaned_when_it_is_read(tmp_path: Path) -> None:
    hostile = maintenance(target("Temu\x1b[2J\u202eDE"))
    FileJournals(tmp_path).save(hostile)
    ((noted,),) = (one.targets for one in FileJournals(tmp_path).read().items)
    assert "\x1b" not in noted.name
    assert "\u202e" not in noted.name


def test_a_journal_held_on_another_host_can_be_forgotten(journals: Journals) -> None:
    journals.save(maintenance(target(), holder=Holder(1, "another-host", "")))
    assert "is opening nightly now" in refused(journals.claim("nightly"))
    held(journals.forget("nightly", ONE))
    assert journals.read().items == ()


@pytest.mark.parametrize("result", [None, Result.UNKNOWN, Result.ACCEPTED])
def test_what_may_still_arrive_is_held_back_by_its_journal_so_that_is_not_forgotten(
    journals: Journals, result: Result | None
) -> None:
    late = Step(ONE + timedelta(seconds=30), result, "a2")
    first, second = target(stop=Step(ONE, result, "a1")), target("b", stop=DONE, start=late)
    journals.save(maintenance(first, second))
    refusal = journals.forget("nightly", ONE + timedelta(seconds=149))
    assert "what was sent to b may still arrive" in refused(refusal)
    assert isinstance(refusal, Refusal)
    assert "after 01:03 UTC" in refusal.next_step
    held(journals.forget("nightly", ONE + timedelta(seconds=150)))
    assert journals.read().items == ()


def test_where_nothing_was_stopped_nothing_is_remembered(journals: Journals) -> None:
    journals.release(held(journals.create(maintenance(target()))))
    assert journals.read().items == ()


def test_a_closed_one_is_kept_for_a_while(journals: Journals) -> None:
    old = maintenance(target(stop=DONE), closed_at=ONE - KEPT_FOR - timedelta(days=1))
    journals.save(replace(old, id="old"))
    journals.save(replace(old, id="younger", closed_at=ONE - timedelta(days=1)))
    journals.create(maintenance(target()))
    assert [one.id for one in journals.read().items] == ["nightly-1", "younger"]


def test_an_unknown_name_is_refused_with_what_is_open(journals: Journals) -> None:
    refusal = journals.read().find("nightly")
    assert "none is open" in refused(refusal)
    assert isinstance(refusal, Refusal)
    assert refusal.next_step == "If somebody else opened it, close it as that user"
    journals.create(maintenance(target()))
    assert "open are nightly" in refused(journals.read().find("weekly"))
