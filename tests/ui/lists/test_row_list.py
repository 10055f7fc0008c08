"""The list: the target is the key that was under the cursor, and only what changed is drawn."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from tui.presentation.columns import Column
from tui.ui.widgets.row_list import Cause, Row, RowList

COLUMNS = (Column("key", "Key", 10), Column("text", "Text", 8, flexible=True))
KEYS = [f"row-{number:02}" for number in range(30)]
HEIGHT = 8


class WatchedList(RowList):
    """Counts the lines that it is asked to draw."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.drawn: Counter[int] = Counter()

    def render_line(self, y: int) -> Strip:
        self.drawn[y] += 1
        return super().render_line(y)


class ListApp(App[None]):
    """Nothing but a list."""

    def compose(self) -> ComposeResult:
        yield WatchedList()


@dataclass
class Model:
    """What the list should know: written anew, so that it can disagree."""

    list: WatchedList
    pilot: Pilot[None]
    keys: Sequence[str] = ()
    texts: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None
    gone: bool = False
    asked: Counter[str] = field(default_factory=Counter)

    def row(self, key: str) -> Row:
        self.asked[key] += 1
        return Row(key, "✔", "ok", (key, self.texts.get(key, "")))

    async def show(self, keys: Sequence[str], cause: Cause) -> None:
        self.keys = list(keys)
        self.list.show(self.keys, self.row, cause)
        if self.cursor in keys:
            self.gone = False
        elif keys and (self.cursor is None or cause is Cause.ARRANGE):
            self.cursor, self.gone = keys[0], False
        else:
            self.gone = self.cursor is not None
        await self.settle()

    async def settle(self) -> None:
        for _ in range(2):
            await self.pilot.pause(0)

    async def press(self, key: str) -> None:
        before, top = self.list.target, self.list.scroll_offset.y
        getattr(self.list, f"action_{MOVES[key][0]}")(MOVES[key][1])
        await self.settle()
        if not self.keys:
            return
        self.cursor, self.gone = self.list.target, False
        assert self.cursor in self.keys
        if before is not None:
            at = self.keys.index(before)
            page = max(1, HEIGHT - 1)
            wanted = {"j": at + 1, "k": at - 1, "g": 0, "G": len(self.keys) - 1}
            wanted |= {"pagedown": at + page, "pageup": at - page}
            place = max(0, min(wanted[key], len(self.keys) - 1))
            assert self.cursor == self.keys[place], (key, before, top)

    @property
    def target(self) -> str | None:
        return None if self.gone else self.cursor

    def check(self) -> None:
        """The target is right, it is in sight, and every line shows what the model says."""
        assert self.list.target == self.target
        assert self.list.lost == self.gone
        top = self.list.scroll_offset.y
        lines = [strip.text for strip in self.pilot.app.screen._compositor.render_strips()]
        for y in range(HEIGHT):
            assert lines[y].rstrip("▁▂▃▄▅▆▇█ ") == self.expected(top + y), (y, top)
        if self.target is not None:
            assert top <= self.keys.index(self.target) < top + HEIGHT

    def expected(self, index: int) -> str:
        if index >= len(self.keys):
            return ""
        key = self.keys[index]
        bar = "▌" if key == self.target else " "
        mark = "+" if key in self.list.marks else " "
        return f"{bar}✔{mark}{key:10} {self.texts.get(key, '')}".rstrip()


MOVES = {
    "j": ("move", 1),
    "k": ("move", -1),
    "pagedown": ("page", 1),
    "pageup": ("page", -1),
    "g": ("edge", 0),
    "G": ("edge", -1),
}


@asynccontextmanager
async def listing(rows: Sequence[str] = ()) -> AsyncIterator[Model]:
    app = ListApp()
    async with app.run_test(size=(40, HEIGHT)) as pilot:
        model = Model(app.query_one(WatchedList), pilot)
        if rows:
            await model.show(rows, Cause.REFRESH)
        yield model


some_rows = st.permutations(KEYS).flatmap(
    lambda keys: st.integers(0, len(keys)).map(lambda count: tuple(keys[:count]))
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("refresh"), some_rows),
        st.tuples(st.just("arrange"), some_rows),
        st.tuples(st.just("press"), st.sampled_from(sorted(MOVES))),
        st.tuples(st.just("mark"), st.sets(st.sampled_from(KEYS), max_size=3)),
        st.tuples(st.just("unmark"), st.sets(st.sampled_from(KEYS), max_size=3)),
        st.tuples(st.just("change"), st.sampled_from(KEYS)),
        st.tuples(st.just("go to"), st.sampled_from(KEYS)),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(story=steps)
@example(story=[("press", "G"), ("refresh", ()), ("refresh", tuple(KEYS[:12]))])
async def test_whatever_happens_the_target_is_what_was_under_the_cursor_or_nothing(
    story: list[tuple[str, object]],
) -> None:
    marks: set[str] = set()
    async with listing(KEYS[:12]) as model:
        for number, (what, given_) in enumerate(story):
            match what, given_:
                case "refresh", tuple(rows):
                    await model.show(rows, Cause.REFRESH)
                case "arrange", tuple(rows):
                    await model.show(rows, Cause.ARRANGE)
                case "press", str(key):
                    await model.press(key)
                case (("mark" | "unmark"), set(keys)):
                    model.list.mark(keys, on=what == "mark")
                    marks = marks | keys if what == "mark" else marks - keys
                case "change", str(key):
                    model.texts[key] = f"news {number}"
                    await model.show(model.keys, Cause.REFRESH)
                case "go to", str(key):
                    model.list.go_to(key)
                    if key in model.keys:
                        model.cursor, model.gone = key, False
            await model.settle()
            model.check()
            assert model.list.marks == marks


async def test_new_data_draws_the_lines_that_changed_and_no_other() -> None:
    async with listing(KEYS) as model:
        model.list.drawn.clear()
        await model.show(KEYS, Cause.REFRESH)
        assert model.list.drawn == {}
        model.texts[KEYS[3]] = "changed"
        model.texts[KEYS[20]] = "changed out of sight"
        await model.show(KEYS, Cause.REFRESH)
        assert model.list.drawn == {3: 1}
        model.list.drawn.clear()
        await model.press("j")
        assert model.list.drawn == {0: 1, 1: 1}
        model.list.drawn.clear()
        model.list.mark([KEYS[5], KEYS[25]])
        await model.settle()
        assert model.list.drawn == {5: 1}
        model.check()


async def test_keys_scroll_what_nothing_can_be_done_with_and_put_no_cursor_on_it() -> None:
    async with listing() as model:
        model.list.preview([model.row(key) for key in KEYS])
        tops = []
        for key in ("j", "pagedown", "k", "G", "g", "k"):
            getattr(model.list, f"action_{MOVES[key][0]}")(MOVES[key][1])
            await model.settle()
            assert model.list.target is None
            tops.append(model.list.scroll_offset.y)
            model.keys = KEYS
            model.gone = True
            model.check()
        assert tops == [1, HEIGHT, HEIGHT - 1, len(KEYS) - HEIGHT, 0, 0]
        await model.pilot.click(WatchedList, offset=(5, 2))
        assert model.list.target is None
        model.list.action_move(5)
        model.gone = False
        await model.show(KEYS, Cause.REFRESH)
        model.check()
        assert model.list.target == KEYS[0]
        assert model.list.scroll_offset.y == 0


async def test_rows_that_change_places_are_drawn_and_the_others_are_not() -> None:
    async with listing(KEYS) as model:
        model.list.drawn.clear()
        swapped = [*KEYS[:4], KEYS[5], KEYS[4], *KEYS[6:]]
        await model.show(swapped, Cause.REFRESH)
        assert model.list.drawn == {4: 1, 5: 1}


async def work_of(rows: int, key: str) -> tuple[int, int]:
    """Lines drawn and rows asked for by one key on a list of that many rows."""
    async with listing([f"{number:07}" for number in range(rows)]) as model:
        await model.press("pagedown")
        model.list.drawn.clear()
        model.asked.clear()
        await model.press(key)
        model.check()
        return model.list.drawn.total(), model.asked.total()


@pytest.mark.parametrize("key", ["pagedown", "j", "G"])
async def test_a_key_costs_the_same_at_50_and_at_50000_rows(key: str) -> None:
    few, many = await work_of(50, key), await work_of(50_000, key)
    assert many == few
    assert many[0] <= 2 * HEIGHT


async def test_new_data_for_50000_rows_asks_only_for_those_in_sight() -> None:
    keys = [f"{number:07}" for number in range(50_000)]
    async with listing(keys) as model:
        model.asked.clear()
        await model.show(keys[1:], Cause.ARRANGE)
        assert len(model.asked) <= HEIGHT + 1


async def test_a_click_moves_the_cursor_and_a_click_below_the_rows_does_nothing() -> None:
    async with listing(KEYS[:4]) as model:
        await model.pilot.click(WatchedList, offset=(5, 2))
        assert model.list.target == KEYS[2]
        await model.pilot.click(WatchedList, offset=(5, 6))
        assert model.list.target == KEYS[2]
