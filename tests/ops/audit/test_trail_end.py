"""Reading only the end of an audit trail: what is found there is what a reading of all of it finds."""

import asyncio
import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drivers.fake_time import START
from tests.ops.audit.test_entries import line, write
from tui.domain.timestamps import stamp
from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.trail_end import Reach, backwards
from tui.ops.audit.trail_follower import TrailFollower, read_end
from tui.ops.audit.trail_reader import read_trail

LONG = 4_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit" / "acme.jsonl"


def compact(**fields: object) -> str:
    """A record as the trail itself writes it."""
    record = json.loads(line(**fields))
    head = {name: record.pop(name) for name in ("record", "id", "time")}
    head |= {name: record.pop(name) for name in ("plan", "result") if name in record}
    return json.dumps(head | record, ensure_ascii=False, separators=(",", ":")) + "\n"


def pair(number: int, after: timedelta | None = None, result: str | None = "applied") -> str:
    """An attempt and its outcome, a second after the previous ones."""
    at = stamp(START + (timedelta(seconds=number) if after is None else after))
    fields = {"id": f"a{number}", "time": (at or "").replace("Z", ".000Z") if "." not in str(at) else at}
    ended = [] if result is None else [compact(record="outcome", result=result, **fields)]
    return "".join([compact(**fields), *ended])


def long_trail(path: Path, count: int = LONG) -> Path:
    """More than one block of records."""
    return write(path, *(pair(number) for number in range(count)))


def ids(path: Path, reach: Reach) -> list[str]:
    return [entry.id for entry in read_end(path, reach).entries]


@given(
    st.lists(
        st.sampled_from(
            ["ended", "open", "unknown", "checked", "torn", "garbage", "blank", "older words", "late"]
        ),
        max_size=12,
    ),
    st.integers(min_value=1, max_value=20),
)
def test_l6_the_end_of_a_trail_reads_as_all_of_it(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], most: int
) -> None:
    pieces = []
    for number, kind in enumerate(kinds):
        looked = compact(record="check", id=f"a{number}", result="applied", sentence="seen")
        late = compact(record="outcome", id="a0", result="failed")
        pieces.append(
            {
                "ended": pair(number),
                "open": pair(number, result=None),
                "unknown": pair(number, result="unknown") + looked,
                "checked": pair(number, result=None) + looked,
                "torn": pair(number)[:-9] + "\n",
                "garbage": "{nonsense\n",
                "blank": "\n",
                "older words": pair(number, result="as before"),
                "late": late,
            }[kind]
        )
    path = write(tmp_path_factory.mktemp("trail") / "acme.jsonl", *pieces)
    whole, end = read_trail(path, most), read_end(path, Reach(most))
    assert {one.id for one in whole.without_outcome(START)} == {
        one.id for one in end.without_outcome(START)
    }
    if most > len(kinds):
        assert (end.entries, end.broken) == (whole.entries, whole.broken)


def planned(number: int, *more: str, resumes: str = "") -> str:
    """A plan for two targets, and records that belong to it."""
    facts = {"targets": ["x", "y"], "target_names": ["X", "Y"], "resumes": resumes}
    return compact(record="plan", id=f"p{number}", **facts) + "".join(more)


def of_plan(number: int, target: str, *, ended: bool = True) -> str:
    fields = {"id": f"p{number}{target}", "targets": [target]}
    outcome = compact(record="outcome", result="applied", **fields) if ended else ""
    return compact(plan=f"p{number}", **fields) + outcome


@given(
    st.lists(
        st.sampled_from(["whole", "half", "open", "none", "resumed", "without end", "left", "single"]),
        max_size=9,
    ),
    st.integers(min_value=1, max_value=12),
)
def test_l3_the_end_of_a_trail_knows_the_same_interrupted_plans_as_all_of_it(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], most: int
) -> None:
    """A bulk that ended must not look as if it had never been sent: it would be offered again."""
    pieces = []
    for number, kind in enumerate(kinds):
        x, y = of_plan(number, "x"), of_plan(number, "y")
        end = compact(record="plan-end", id=f"p{number}", result="over")
        pieces.append(
            {
                "whole": planned(number, x, y, end),
                "half": planned(number, x),
                "open": planned(number, of_plan(number, "x", ended=False)),
                "none": planned(number),
                "resumed": planned(number, x, y, end, resumes=f"p{number - 1}"),
                "without end": planned(number, x, y),
                "left": planned(number, x, end.replace("over", "unsent")),
                "single": pair(number),
            }[kind]
        )
    path = write(tmp_path_factory.mktemp("trail") / "acme.jsonl", *pieces)
    whole, end_only = read_trail(path, 1_000), read_end(path, Reach(most))
    assert [(one.id, one.unsent, one.is_over) for one in end_only.plans] == [
        (one.id, one.unsent, one.is_over) for one in whole.plans
    ]
    assert not any(
        one.id == f"p{place}"
        for place, kind in enumerate(kinds)
        if kind == "whole"
        for one in whole.plans
    )


def test_l6_of_a_long_trail_the_newest_are_read_and_the_others_counted(path: Path) -> None:
    history = read_end(long_trail(path), Reach(10))
    assert [entry.id for entry in history.entries] == [f"a{LONG - 1 - n}" for n in range(10)]
    assert (history.left_out, history.is_whole) == (LONG - 10, True)


def test_l6_only_what_is_new_enough_is_read(path: Path) -> None:
    since = START + timedelta(seconds=LONG - 100)
    long_trail(path)
    assert ids(path, Reach(1_000, since, since)) == [
        entry.id for entry in read_trail(path, 1_000, since).entries
    ]
    assert not read_end(path, Reach(1_000, since, since)).is_whole


def test_l6_an_attempt_without_outcome_is_found_behind_many_others(path: Path) -> None:
    write(path, pair(0, result=None), *(pair(number) for number in range(1, LONG)))
    history = read_end(path, Reach(10, back_to=START - timedelta(days=1), least=10))
    assert history.entries[-1].id == "a0"
    assert [one.id for one in history.without_outcome(START)] == ["a0"]


@pytest.mark.parametrize("count", [10, LONG])
def test_what_is_unresolved_is_found_before_what_is_wanted_and_nothing_else(
    path: Path, count: int
) -> None:
    looked = compact(record="check", id="a3", result="applied", sentence="seen")
    first = [pair(0), pair(1, result=None), pair(2, result="unknown"), pair(3, result="failed") + looked]
    write(path, *first, *(pair(number) for number in range(4, count)))
    since = START + timedelta(seconds=count - 2)
    history = read_end(path, Reach(2 * LONG, since, START + timedelta(seconds=0.5)))
    assert [entry.id for entry in history.entries] == [
        f"a{count - 1}",
        f"a{count - 2}",
        "a3",
        "a2",
        "a1",
    ]
    assert {one.id for one in history.of_unknown_effect(START)} == {"a1", "a2", "a3"}
    assert (history.left_out, history.broken) == (0, ())


def test_l6_a_clock_that_was_set_back_hides_nothing(path: Path) -> None:
    """For a while it was a year behind: what was written before is as new as what came after."""
    behind = [pair(100 + number, timedelta(days=-365)) for number in range(50)]
    write(path, *map(pair, range(50)), *behind, *map(pair, range(200, 250)))
    assert len(ids(path, Reach(1_000, START, START))) == 100


def test_l6_an_unreadable_line_is_named_by_its_number_in_the_file(path: Path) -> None:
    long_trail(path)
    with path.open("a") as file:
        file.write("nonsense\n")
    since = START + timedelta(seconds=LONG - 10)
    history = read_end(path, Reach(1_000, since, since))
    assert [one.line for one in history.broken] == [2 * LONG + 1]
    assert history.entries[0].line == 2 * LONG - 1


def test_lines_are_read_backwards_over_every_edge_of_a_block(path: Path) -> None:
    texts = [b"x" * size + b"\n" for size in (1_048_575, 1_048_576, 3, 0, 2_500_000, 1)] + [b"torn"]
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(texts))
    offsets = [sum(map(len, texts[:place])) for place in range(len(texts))]
    with path.open("rb") as file:
        found = list(backwards(file, path.stat().st_size))
    assert found == [*zip(offsets, texts, strict=True)][::-1]


# Again and again.


def test_l5_only_what_was_appended_is_read_again(path: Path) -> None:
    """What was read before is overwritten in place: had it been read again, it would be unreadable."""
    long_trail(path)
    follower = TrailFollower(path, Reach(50, least=50))
    follower.read()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(b"x" * (size - 300))
        file.seek(size)
        file.write(pair(LONG).encode())
    history = follower.read()
    assert [entry.id for entry in history.entries] == [f"a{LONG - n}" for n in range(50)]
    assert history.broken == ()


def test_l5_what_another_process_appends_is_seen(path: Path) -> None:
    trail = FileTrail(path)
    long_trail(path)

    async def story() -> list[str]:
        await trail.newest(10, START)
        with path.open("a") as file:
            file.write(pair(LONG))
        return [entry.id for entry in (await trail.newest(10, START)).entries]

    assert asyncio.run(story())[:2] == [f"a{LONG}", f"a{LONG - 1}"]


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_l5_a_line_that_arrives_in_two_parts_is_read_once_it_is_whole(path: Path, cut: int) -> None:
    follower = TrailFollower(write(path, pair(0)), Reach(10))
    follower.read()
    with path.open("a") as file:
        file.write(pair(1)[:-cut])
    assert len(follower.read().broken) == (cut > 1)  # Without its line end alone it can be read.
    with path.open("a") as file:
        file.write(pair(1)[-cut:] + pair(2))
    history = follower.read()
    assert ([entry.id for entry in history.entries], history.broken) == (["a2", "a1", "a0"], ())
    assert [entry.line for entry in history.entries] == [5, 3, 1]


def test_l5_a_line_cut_short_by_a_crash_stays_unreadable_and_hides_nothing(path: Path) -> None:
    follower = TrailFollower(write(path, pair(0), pair(1)[:-20]), Reach(10))
    for number in (2, 3, 4):
        history = follower.read()
        assert [one.line for one in history.broken] == [4]
        with path.open("a") as file:
            file.write(("\n" if number == 2 else "") + pair(number))
    assert [entry.id for entry in follower.read().entries] == ["a4", "a3", "a2", "a1", "a0"]


def test_l5_a_line_that_was_not_there_yet_on_a_network_disk_is_read_again(path: Path) -> None:
    """Its size came before its content: the first reader sees zeros."""
    late = pair(1).encode()
    write(path, pair(0))
    start = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\0" * len(late) + b"\n" + pair(2).encode())
    follower = TrailFollower(path, Reach(10))
    assert len(follower.read().broken) == 1
    with path.open("r+b") as file:
        file.seek(start)
        file.write(late)
    history = follower.read()
    assert ([entry.id for entry in history.entries], history.broken) == (["a2", "a1", "a0"], ())


@pytest.mark.parametrize("way", ["moved away", "emptied", "replaced", "deleted"])
def test_l5_a_trail_that_was_exchanged_is_read_anew(path: Path, way: str) -> None:
    follower = TrailFollower(long_trail(path), Reach(10))
    follower.read()
    if way == "moved away":
        shutil.move(path, path.with_suffix(".old"))
    elif way == "emptied":
        os.truncate(path, 0)
    elif way == "deleted":
        path.unlink()
        assert follower.read().entries == ()
    write(path, *(pair(number) for number in range(LONG, 2 * LONG + 10)))
    history = follower.read()
    assert history.entries[0].id == f"a{2 * LONG + 9}"
    assert history.left_out + len(history.entries) == LONG + 10
