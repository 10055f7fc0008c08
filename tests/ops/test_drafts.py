"""Drafts: whole or not there, private, newest wins, at most half a second behind."""

import asyncio
import json
import os
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.drivers.fake_time import FakeTime
from tui.domain.baseline import BaselineValue
from tui.ops.drafts import file_drafts as draft_files
from tui.ops.drafts.autosave import DraftKeeper
from tui.ops.drafts.draft import Draft, DraftKey, DraftText, MemoryDrafts
from tui.ops.drafts.file_drafts import FileDrafts, drafts_in
from tui.paths import replace_private

KEY = DraftKey("worker.configure", "a1")
AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
WHOLE = {
    "schema": 1,
    "operation": "worker.configure",
    "target": "a1",
    "name": "Temu DE",
    "at": "2026-03-01T03:00:00+00:00",
    "opened": [],
    "texts": [["o1", "Account", "ours"]],
}
"""As a file holds it; each of the broken ones below lacks one thing."""


def draft(text: str, key: DraftKey = KEY) -> Draft:
    opened = (BaselineValue("Interval", "Interval", "5m"),)
    return Draft(key, "Temu · Temu DE", (DraftText("o1", "Account", text),), AT, opened)


async def test_a_draft_comes_back_as_it_was_at_the_next_start(tmp_path: Path) -> None:
    kept = draft('first\nsecond "ü" ␊')
    await FileDrafts(tmp_path / "drafts" / "acme").keep(kept)
    again = FileDrafts(tmp_path / "drafts" / "acme")
    assert again.find(KEY) == kept
    assert drafts_in(tmp_path / "drafts" / "acme") == (kept,)
    assert FileDrafts(tmp_path / "drafts" / "other").find(KEY) is None


async def test_files_are_private_and_nothing_lies_beside_them(tmp_path: Path) -> None:
    folder = tmp_path / "drafts" / "acme"
    drafts = FileDrafts(folder)
    await drafts.keep(draft("one"))
    await drafts.keep(draft("two"))
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.stat().st_mode & 0o777 for one in (folder, folder.parent)] == [0o700, 0o700]
    assert "two" in path.read_text()
    await drafts.drop(KEY)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"schema": 2}',
        b'{"schema": 1}',
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"schema": 1, "operation": "x", "target": 7, "name": "", "at": "now"}).encode(),
        json.dumps(WHOLE | {"texts": []}).encode(),
        json.dumps(WHOLE | {"at": "2026-03-01T03:00:00"}).encode(),
        json.dumps(WHOLE | {"texts": [["o1", "Account"]]}).encode(),
        json.dumps(WHOLE | {"schema": 2}).encode(),
    ],
    ids=[
        "empty",
        "torn",
        "list",
        "null",
        "newer",
        "lacking",
        "no text",
        "deep",
        "wrong types",
        "nothing typed",
        "no time zone",
        "two of three",
        "whole of a newer version",
    ],
)
def test_what_cannot_be_read_is_set_aside_and_told(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "worker.configure-1.json").write_bytes(content)
    drafts = FileDrafts(folder)
    assert drafts_in(folder) == ()
    assert len(drafts.troubles) == 1
    assert [path.name for path in folder.iterdir()] == ["worker.configure-1.json.broken"]
    assert FileDrafts(folder).troubles == []


async def test_a_pipe_in_the_place_of_a_draft_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "worker.configure-1.json")
    drafts = FileDrafts(tmp_path)
    (trouble,) = drafts.troubles
    assert trouble.endswith("it is not a regular file")
    await drafts.keep(draft("10m"))
    assert FileDrafts(tmp_path).find(KEY) == draft("10m")


async def test_what_is_typed_is_kept_within_half_a_second_and_only_the_newest() -> None:
    time, drafts = FakeTime(), MemoryDrafts()
    keeper = DraftKeeper(drafts, sleep=time.sleep)
    for text in ("a", "ab", "abc"):
        keeper.typed(draft(text))
        await time.settle()
    assert drafts.find(KEY) is None
    assert keeper.find(KEY) == draft("abc")
    await time.advance(0.5)
    assert drafts.find(KEY) == draft("abc")
    keeper.typed(draft("abcd"))
    await time.advance(0.5)
    assert drafts.find(KEY) == draft("abcd")


async def test_who_leaves_does_not_wait_and_what_is_dropped_stays_dropped() -> None:
    time, drafts = FakeTime(), MemoryDrafts()
    keeper = DraftKeeper(drafts, sleep=time.sleep)
    keeper.left(draft("abc"))
    await time.settle()
    assert drafts.find(KEY) == draft("abc")
    keeper.typed(draft("abcd"))
    keeper.drop(KEY)
    assert keeper.find(KEY) is None
    await time.advance(1)
    assert drafts.find(KEY) is None


async def test_the_end_of_the_console_keeps_what_was_typed_last() -> None:
    time, drafts = FakeTime(), MemoryDrafts()
    keeper = DraftKeeper(drafts, sleep=time.sleep)
    keeper.typed(draft("abc"))
    await keeper.aclose()
    assert drafts.find(KEY) == draft("abc")


async def test_a_disk_that_takes_nothing_is_told_and_forgotten_once_it_takes_again(
    tmp_path: Path,
) -> None:
    (tmp_path / "way").write_text("a file")
    keeper = DraftKeeper(FileDrafts(tmp_path / "way"))
    keeper.typed(draft("abc"))
    await keeper.flush()
    assert "drafts cannot be written" in keeper.trouble
    assert not keeper.lasts
    assert keeper.find(KEY) == draft("abc")
    (tmp_path / "way").unlink()
    keeper.typed(draft("abcd"))
    await keeper.aclose()
    assert keeper.trouble == ""
    assert FileDrafts(tmp_path / "way").find(KEY) == draft("abcd")


async def test_what_waits_for_the_disk_at_the_end_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, going_on = threading.Event(), threading.Event()
    write = replace_private

    def slow(path: Path, content: bytes) -> None:
        writing.set()
        assert going_on.wait(5)
        write(path, content)

    monkeypatch.setattr(draft_files, "replace_private", slow)
    time = FakeTime()
    keeper = DraftKeeper(FileDrafts(tmp_path / "acme"), sleep=time.sleep)
    keeper.left(draft("first"))
    await asyncio.to_thread(writing.wait, 5)
    second = replace(draft("second"), key=DraftKey("worker.configure", "b2"))
    keeper.typed(second)
    await time.advance(0.5)
    closing = asyncio.ensure_future(keeper.aclose())
    await time.settle()
    going_on.set()
    await closing
    assert FileDrafts(tmp_path / "acme").find(second.key) == second


async def test_two_consoles_on_one_target_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """Both read what an earlier one left, and go on from there."""
    await FileDrafts(tmp_path).keep(draft("left"))
    one, other = FileDrafts(tmp_path), FileDrafts(tmp_path)
    await one.keep(draft("of one"))
    await other.keep(replace(draft("of the other"), at=AT + timedelta(minutes=1)))
    await one.keep(draft("of one, longer"))
    texts = [kept.texts[0].text for kept in drafts_in(tmp_path)]
    assert texts == ["of one, longer", "of the other"]
    await other.drop(KEY)
    assert FileDrafts(tmp_path).find(KEY) == draft("of one, longer")


async def test_what_one_console_applied_does_not_take_the_draft_of_another(tmp_path: Path) -> None:
    await FileDrafts(tmp_path).keep(draft("left"))
    one, other = FileDrafts(tmp_path), FileDrafts(tmp_path)
    await other.keep(draft("of the other"))
    await one.drop(KEY)
    assert one.find(KEY) is None
    assert FileDrafts(tmp_path).find(KEY) == draft("of the other")
    await other.drop(KEY)
    assert drafts_in(tmp_path) == ()


async def test_the_newest_draft_of_a_target_is_found_and_then_the_one_before(tmp_path: Path) -> None:
    newer = replace(draft("newer"), at=AT + timedelta(hours=1))
    one, other = FileDrafts(tmp_path), FileDrafts(tmp_path)
    await other.keep(newer)
    await one.keep(draft("older"))
    again = FileDrafts(tmp_path)
    assert drafts_in(tmp_path) == (draft("older"), newer)
    assert again.find(KEY) == newer
    await again.drop(KEY)
    assert again.find(KEY) == draft("older")
    assert drafts_in(tmp_path) == (draft("older"),)


def test_a_directory_in_the_place_of_a_draft_is_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    asyncio.run(FileDrafts(folder).keep(draft("10m")))
    (path,) = folder.iterdir()
    path.unlink()
    (path / "full").mkdir(parents=True)
    drafts = FileDrafts(folder)
    assert drafts.troubles == [f"an invalid draft was set aside: {path}.broken"]
    asyncio.run(drafts.keep(draft("10m")))
    assert FileDrafts(folder).find(KEY) == draft("10m")


def test_the_whole_that_the_broken_ones_lack_something_of_is_read(tmp_path: Path) -> None:
    (tmp_path / "worker.configure-1.json").write_text(json.dumps(WHOLE))
    drafts = FileDrafts(tmp_path)
    found = drafts.find(KEY)
    assert found is not None
    assert [one.text for one in found.texts] == ["ours"]
    assert drafts.troubles == []


async def test_d5_a_draft_of_another_server_is_neither_found_nor_overwritten(tmp_path: Path) -> None:
    one = FileDrafts(tmp_path, lambda _operation: "https://one.example")
    await one.keep(draft("of one"))
    other = FileDrafts(tmp_path, lambda _operation: "https://two.example")
    assert other.find(KEY) is None
    assert len(other.troubles) == 1
    assert other.troubles[0].startswith("a draft for https://one.example is kept but not offered: ")
    await other.keep(draft("of two"))
    await other.drop(KEY)
    again = FileDrafts(tmp_path, lambda _operation: "https://one.example")
    assert drafts_in(tmp_path) == (draft("of one"),)
    assert again.troubles == []
