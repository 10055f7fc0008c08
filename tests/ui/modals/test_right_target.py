"""Whatever the list does meanwhile, a write reaches only what was under the cursor or marked at the key.

What an operator does and what happens to the rows is drawn at random; what was to be hit is read from
the screen at the key press, what was hit from the simulator's log.
"""

import os
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.store.snapshot import Topic

TITLES = {"s": "Start sync", "x": "Stop sync", "R": "Restart sync"}
WORDS = {"s": "start", "x": "stop", "R": "restart"}
CURSOR = "the row under the cursor"
CHANNELS = ("Temu DE", "Outlet", "Amazon FR", "Amazon DE", "Otto Market", "Hauptshop", "Kaufland.de")
FILTERS = ("", "amazon", "state:ok", "!shop", "error", "age>5m")
MOVES = ("j", "k", "g", "G", "o", "O", "space", "space", "asterisk", "minus")

changes = st.dictionaries(
    st.just(CURSOR) | st.sampled_from(CHANNELS),
    st.one_of(
        st.builds(lambda state: {"state": state}, st.sampled_from((0, 2, 3, 4, 6, 7))),
        st.builds(lambda there: {"listed": there, "reported": there}, st.booleans()),
    ),
    min_size=1,
    max_size=3,
)


@dataclass(frozen=True)
class Churn:
    """Rows change, and the console hears of it or not."""

    rows: dict[str, dict[str, Any]]
    heard: bool = True


@dataclass(frozen=True)
class Press:
    """A key that moves, sorts or marks."""

    key: str


@dataclass(frozen=True)
class Narrow:
    """A filter that is kept."""

    text: str


@dataclass(frozen=True)
class Operate:
    """An operation, begun by its key, by `:` or by the palette, with something in between or not."""

    key: str
    way: str
    before: Churn | None
    """Between the key that opens the line or the palette and its enter."""
    meanwhile: Churn | None
    """While the review is open."""


churns = st.builds(Churn, changes, st.booleans())
between = st.one_of(
    churns,
    st.builds(Press, st.sampled_from(MOVES)),
    st.builds(Press, st.sampled_from(MOVES)),
    st.builds(Narrow, st.sampled_from(FILTERS)),
)
operations = st.builds(
    Operate,
    st.sampled_from(tuple(TITLES)),
    st.sampled_from(("key", "colon", "palette")),
    st.none() | churns,
    st.none() | churns,
)
turns = st.lists(st.tuples(st.lists(between, max_size=3), operations), min_size=2, max_size=3)
"""Something happens or not, then something is begun."""


@dataclass
class Operator:
    """Someone at the console who remembers what was marked."""

    deck: Console
    erp: RunningSimulator
    marks: set[str] = field(default_factory=set)
    target: str = ""
    """What was under the cursor when the operation was begun."""

    async def take(self, step: Churn | Press | Narrow | Operate) -> None:
        match step:
            case Churn():
                await self.churn(step)
            case Press(key=key):
                await self.press(key)
            case Narrow(text=text):
                await self.deck.press("slash", "end", "ctrl+u")
                await self.deck.type(text)
                await self.deck.press("enter")
            case Operate():
                await self.operate(step)

    async def churn(self, churn: Churn) -> None:
        target = self.target or self.under_cursor()
        named = {target if name == CURSOR else name: row for name, row in churn.rows.items()}
        self.erp.state(jtl={"workers": {name: row for name, row in named.items() if name}})
        if churn.heard:
            await self.hear()

    async def hear(self) -> None:
        core = self.deck.app.session.core
        assert core is not None
        topics = (Topic.WORKERS, Topic.STATUS)
        before = [core.store.snapshot(topic).generation for topic in topics]
        core.poller.refresh(*topics)
        await self.deck.until(
            lambda: all(
                core.store.snapshot(topic).generation > old
                for topic, old in zip(topics, before, strict=True)
            ),
            "an answer to both questions",
        )
        await self.deck.looks()

    async def press(self, key: str) -> None:
        cursor = self.under_cursor()
        shown = {self.channel(line) for line in self.deck.rows()}
        await self.deck.press(key)
        match key:
            case "space" if cursor:
                self.marks ^= {cursor}
            case "asterisk":
                self.marks |= shown
            case "minus":
                self.marks.clear()

    def channel(self, line: str) -> str:
        """The channel of a row, as its identifier."""
        syncs = self.erp.world.jtl.syncs.values()
        return max((sync for sync in syncs if sync.channel in line), key=lambda s: len(s.channel)).id

    def under_cursor(self) -> str:
        line = self.deck.cursor_row()
        return self.channel(line) if line else ""

    def listed(self) -> set[str]:
        return {sync.id for sync in self.erp.world.jtl.syncs.values() if sync.listed or sync.reported}

    async def operate(self, step: Operate) -> None:
        await self.hear()
        before = len(self.deck.sent())
        marked = bool(self.marks)
        self.target = self.under_cursor()
        meant = set(self.marks) if marked else {self.target} - {""}
        await self.begin(step)
        if not self.deck.heading():
            assert self.deck.said("notice") or self.deck.said("status"), "refused, and not said why"
            await self.leave()
        else:
            assert self.deck.heading().startswith(TITLES[step.key])
            await self.confirm(step)
        self.target = ""
        hit = [entry["path"].rpartition("/")[2] for entry in self.deck.sent()[before:]]
        assert set(hit) <= meant, "a write reached what was not meant"
        assert len(hit) == len(set(hit)), "a write was sent twice"
        done = {
            entry["path"].rpartition("/")[2]
            for entry in self.deck.sent()[before:]
            if entry["status"] == 204
        }
        self.marks = self.marks & self.listed() if marked else self.marks
        self.marks -= done if marked else set()

    async def begin(self, step: Operate) -> None:
        opening = {"key": (), "colon": ("colon",), "palette": ("ctrl+p",)}[step.way]
        await self.deck.press(*opening)
        if opening:
            await self.deck.type(WORDS[step.key] if step.way == "colon" else TITLES[step.key])
            if step.before is not None:
                await self.churn(step.before)
        await self.deck.press(*(("enter",) if opening else (step.key,)))
        await self.deck.looks()

    async def confirm(self, step: Operate) -> None:
        if step.meanwhile is not None:
            await self.churn(step.meanwhile)
        if "type sim and press enter" in self.deck.text():
            await self.deck.type("sim")
            await self.deck.press("enter")
        else:
            await self.deck.press("a", "y")
        await self.deck.until(lambda: not self.deck.app.session.is_sending, "an end of sending")
        if self.deck.heading() and "changed since" in self.deck.dialog_trouble():
            # It changed at that very moment, as what was restarted before does: confirmed as it is now.
            await self.deck.looks()
            await self.deck.press("a", "y")
            await self.deck.until(lambda: not self.deck.app.session.is_sending, "an end of sending")
        await self.leave()

    async def leave(self) -> None:
        """Back to the list, whatever is in front."""
        for _ in range(4):
            await self.deck.looks()
            if not self.deck.heading() and self.deck.keys_offered().lstrip().startswith("enter details"):
                return
            await self.deck.press("escape")


@settings(
    max_examples=int(os.environ.get("SYNCDECK_STORIES", "4")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(story=turns)
async def test_no_write_reaches_what_was_not_meant_at_the_key_press(
    story: list[tuple[list[Churn | Press | Narrow], Operate]],
) -> None:
    with RunningSimulator(still=True) as erp:
        erp.state(jtl={"control_delay": 0})
        async with console(erp, size=(100, 40), refresh={"workers": 600}) as deck:
            operator = Operator(deck, erp)
            for before, operation in story:
                for step in before:
                    await operator.take(step)
                await operator.take(operation)


async def test_what_is_meant_is_hit(private_places: object) -> None:
    """The operator of the random stories is one that does hit something."""
    with RunningSimulator(still=True) as erp:
        erp.state(jtl={"control_delay": 0})
        async with console(erp, size=(100, 40), refresh={"workers": 600}) as deck:
            operator = Operator(deck, erp)
            shops = {"key": "Hauptshop", "colon": "B2B-Shop", "palette": "Otto Market"}
            for way, shop in shops.items():
                await deck.workers.focus(shop)
                await operator.take(Operate("R", way, None, None))
            hit = [entry["path"].rpartition("/")[2] for entry in deck.sent()]
            assert hit == list(map(erp.worker_id, shops.values()))
            for step in (Press("g"), Press("space"), Press("space"), Operate("x", "key", None, None)):
                await operator.take(step)
            assert len(deck.sent()) == 5
            assert operator.marks == set()
