"""Long lists: rows are made a slice at a time, only those that changed, and stand in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.domain.filters import Record, parse_filter
from tui.store.snapshot import Snapshot, Topic
from tui.ui.screens.list_row import ListRow, Sorting
from tui.ui.screens.row_cache import SLICE, Listing
from tui.ui.widgets.row_list import Row

MANY = SLICE * 3 + 7


@dataclass
class Maker:
    """Makes rows of numbers, and tells which it made."""

    made: list[int] = field(default_factory=list)

    def __call__(self, number: int) -> ListRow:
        self.made.append(number)
        text = f"{number % 1_000:05}"
        row, record = Row(text, " ", "ok", (text,)), Record({"number": text})
        even = number % 2 == 0
        return ListRow(row, record, (number % 3, text, text), even, (None if number % 5 == 0 else text,))


def key_of(number: int) -> str:
    return f"{number % 1_000:05}"


def made(listing: Listing[int], numbers: range | list[int], maker: Maker, baseline: object = 1) -> int:
    """Make all of them; in how many slices after the first."""
    return exhausted(listing.follow(list(numbers), key_of, baseline, maker))


def exhausted(making: Iterator[bool]) -> int:
    return sum(1 for _ in making)


def test_a_short_list_is_ready_at_once_and_a_long_one_in_slices() -> None:
    listing, maker = Listing[int](), Maker()
    assert made(listing, range(SLICE), maker) == 0
    assert len(listing.rows) == SLICE
    assert made(listing, range(MANY), maker) > 2
    assert sorted(maker.made) == list(range(MANY))
    assert (len(listing.rows), listing.is_making) == (MANY, False)


def test_of_a_first_list_nothing_is_shown_until_its_last_row_is_made() -> None:
    listing = Listing[int]()
    for _ in listing.follow(range(MANY), key_of, 1, Maker()):
        assert (listing.keys(None), listing.rows, listing.targets, listing.attention) == ([], {}, {}, 0)
        assert (listing.is_making, listing.has_shown) == (True, False)
    assert (len(listing.keys(None)), listing.is_making, listing.has_shown) == (MANY, False, True)


def test_things_rows_and_what_they_were_taken_from_change_in_one_step() -> None:
    listing, maker = Listing[int](), Maker()
    before: dict[Topic, Snapshot[object]] = {Topic.WORKERS: Snapshot(generation=1)}
    after: dict[Topic, Snapshot[object]] = {Topic.WORKERS: Snapshot(generation=2)}
    exhausted(listing.follow(range(MANY), key_of, 1, maker, before))
    for _ in listing.follow(range(1, MANY + 1), key_of, 1, maker, after):
        assert listing.targets.keys() == listing.rows.keys() == {key_of(one) for one in range(MANY)}
        assert listing.seen is before
    assert listing.targets.keys() == listing.rows.keys() == {key_of(one) for one in range(1, MANY + 1)}
    assert listing.seen is after


@pytest.mark.parametrize("step", range(14))
def test_a_sort_while_rows_are_made_holds(step: int) -> None:
    listing, maker = Listing[int](), Maker()
    made(listing, range(MANY), maker)
    making = listing.follow(range(MANY + 1), key_of, 1, maker)
    for _ in islice(making, step):
        pass
    listing.sort(Sorting(0, reverse=True))
    exhausted(making)
    first = next(number for number in range(MANY, 0, -1) if number % 5)
    assert listing.keys(None)[0] == key_of(first)


def test_rows_that_could_not_be_made_are_made_the_next_time() -> None:
    listing, maker = Listing[int](), Maker()

    def fails(number: int) -> ListRow:
        if number == MANY - 1:
            raise ValueError(number)
        return maker(number)

    with pytest.raises(ValueError, match=str(MANY - 1)):
        exhausted(listing.follow(range(MANY), key_of, 1, fails))
    assert not listing.is_making
    made(listing, range(MANY), maker)
    assert len(listing.rows) == len(maker.made) == MANY


def test_what_was_known_stands_until_the_last_row_is_made() -> None:
    listing, maker = Listing[int](), Maker()
    made(listing, range(MANY), maker)
    before = listing.keys(None)
    making = listing.follow([*range(1, MANY), 999], key_of, 2, maker)
    next(making)
    assert (listing.keys(None), listing.is_making) == (before, True)
    exhausted(making)
    assert set(listing.keys(None)) == set(before) - {"00000"} | {"00999"}


def test_only_what_changed_is_made_anew_unless_all_rows_depend_on_it() -> None:
    listing, maker = Listing[int](), Maker()
    made(listing, range(MANY), maker)
    maker.made.clear()
    changed = [*range(MANY - 1), MANY - 1 + 1_000]
    made(listing, changed, maker)
    assert maker.made == [MANY - 1 + 1_000]
    maker.made.clear()
    made(listing, changed, maker, baseline=2)
    assert maker.made == changed


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 2_999), max_size=40), min_size=1, max_size=4),
    st.sampled_from([None, 0]),
    st.booleans(),
    st.sampled_from(["", "1", "1 !2", "number:00"]),
)
def test_whatever_was_shown_before_the_order_is_that_of_the_rows(
    lists: list[list[int]], column: int | None, reverse: bool, text: str
) -> None:
    listing, maker, wanted = Listing[int](), Maker(), parse_filter(text)
    listing.sort(Sorting(column, reverse))
    for numbers in lists:
        made(listing, numbers, maker)
        rows = [maker(number) for number in {key_of(number): number for number in numbers}.values()]
        rows.sort(key=lambda one: one.order, reverse=reverse)
        if column is not None:
            unknown = sorted((one for one in rows if one.sort[0] is None), key=lambda one: one.order)
            known = [one for one in rows if one.sort[0] is not None]
            rows = [*sorted(known, key=lambda one: str(one.sort[0]), reverse=reverse), *unknown]
        assert listing.keys(wanted) == [one.key for one in rows if wanted.matches(one.record)]
        assert listing.attention == sum(one.attention for one in rows)


async def test_a_long_list_is_filtered_sorted_and_marked_like_a_short_one() -> None:
    with RunningSimulator(still=True, workers=MANY) as erp:
        await _use_a_long_list(erp)


async def _use_a_long_list(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.sees(f"{MANY} syncs")
        await deck.loses("more is coming")
        await deck.press("asterisk")
        assert f"{MANY} marked" in deck.said("status")
        await deck.workers.filter("sync:ebay")
        shown = int(deck.said("status").split()[0])
        assert 0 < shown < MANY
        assert f"{MANY - shown} of them hidden by the filter" in deck.said("status")
        await deck.press("o", "o", "o")
        assert "by Sync" in deck.said("status")
        assert "Ebay" in deck.cursor_row()
        await deck.press("escape", "minus")
        assert "marked" not in deck.said("status")


def rank_of(number: int) -> tuple[tuple[int, str, str], bool]:
    return (number % 3, key_of(number), key_of(number)), number % 2 == 0


def test_l11_the_first_rows_stand_in_their_order_before_the_others_are_made() -> None:
    listing, maker = Listing[int](), Maker()
    making = listing.follow(range(MANY), key_of, 1, maker, rank=rank_of)
    assert next(step for step in making if step)
    assert (listing.has_shown, listing.is_making, maker.made) == (True, True, [])
    assert listing.attention == sum(number % 2 == 0 for number in range(MANY))
    early = listing.keys(None)
    last = early[-1]
    assert listing.row(last).row.key == last
    assert maker.made == [int(last)]
    next(making)
    assert [key_of(number) for number in maker.made[1:]] == early[:SLICE]
    assert set(listing.keys(parse_filter("00003"))) == {"00003"}
    exhausted(making)
    assert listing.keys(None) == early
    assert sorted(maker.made) == list(range(MANY))
    assert listing.keys(parse_filter("00001")) == ["00001"]
