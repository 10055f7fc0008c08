"""The console in the operator's hands: keys in, the screen as plain lines out.

It is the real application on a written config against the simulator over real HTTP. Everything that
knows a widget stands here, so that stories speak of rows, fields, dialogs and words alone.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tests.drivers.drawing import Picture, below, drawn_list, drawn_when_read, must_be_drawn
from tests.drivers.pages import FormPage, ListPage
from tests.drivers.simulator import RunningSimulator
from tests.drivers.through import ThroughDriver
from tui.cli.console_arguments import Arguments
from tui.cli.main import plan
from tui.domain.elapsed import elapsed
from tui.launch import Launch, RunOptions
from tui.paths import config_path
from tui.ui.app import SyncdeckApp
from tui.ui.modals.details.copy import CopyDialog
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.row_list import RowList
from tui.ui.widgets.text_line import TextLine

PAUSE, BETWEEN_CHARACTERS = 1.5, 0.09
"""Seconds by the console's clock: before a key that is pressed with care, between typed characters."""
PATIENCE = 40.0
"""Seconds in which what is awaited must be on screen; it takes a fraction of one."""
_LONGEST_STORY = 150.0
"""Seconds after which a story that hangs fails where it hangs."""
_LOOK_EVERY = 0.02
_QUIET_TURNS = 8
_QUICK_TURNS = 200
"""Turns of the loop without a pause between them; who is busy for longer waits for something."""
WRITES = ("POST", "PUT", "PATCH", "DELETE")
READING_BY_POST = (
    "/oauth2/token",
    "GetEngineStatus",
    "GetAllConnections",
    "GetAllConnectors",
    "GetErpSyncConnectionSummary",
    "GetConfigurationFields",
    "GetErpConnectionConfigFields",
    "TestConnectionById",
    "GetConnectionsAndDisplayFields",
    "GetBatchTaskInfosByState",
)


class Console:
    """One console that runs; see `console`."""

    def __init__(
        self,
        app: SyncdeckApp,
        pilot: Pilot[int],
        erp: RunningSimulator | None,
        picture: Picture | None = None,
    ) -> None:
        self.app, self._pilot, self._erp, self._picture = app, pilot, erp, picture
        self._clock = time.monotonic()
        app.monotonic = lambda: self._clock
        self._frame, self._gutter = "|>" if app.in_ascii else "│▌"
        self.bugs: list[str] = []
        """The classes of the bugs that a story is about; any other fails it."""
        self.workers = ListPage(self, "1")
        self.extensions = ListPage(self, "2")
        self.engine = ListPage(self, "3")
        self.connections = ListPage(self, "4")
        self.activity = ListPage(self, "5")
        self.log = ListPage(self, "6")
        self.form = FormPage(self)

    # Doing.

    async def press(self, *keys: str) -> None:
        """Press keys with care: each after the last has had its effect, and what is shown was read."""
        for key in keys:
            await self._pause()
            self._send(key)
            await self._settle()

    async def _pause(self) -> None:
        """Let time pass once what is in front has been drawn."""
        if must_be_drawn(self.app.screen):
            self._drawn_lines()
            await self._settle()
        self.wait(PAUSE)

    async def type(self, text: str) -> None:
        """Type text as a fast typist does, after a pause."""
        await self._pause()
        for character in text:
            self._send(character)
            self.wait(BETWEEN_CHARACTERS)
        await self._settle()

    async def blindly(self, *keys: str, every: float) -> None:
        """Press keys so many seconds apart, without looking."""
        for key in keys:
            self.wait(every)
            self._send(key)
            await self._settle()

    def hold(self, key: str, *, every: float) -> None:
        """The terminal repeats a key that is held."""
        self.wait(every)
        self._send(key)

    def wait(self, seconds: float) -> None:
        """Let time pass by the console's monotonic clock, which moves by this alone."""
        self._clock += seconds

    def hit(self, key: str) -> None:
        """Press a key and wait for nothing: the screen in front may break by it."""
        self.wait(PAUSE)
        self._send(key)

    async def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        await self._pilot.resize_terminal(columns, lines)
        await self._settle()

    async def burst(self, *keys: str) -> None:
        """Press keys as a slow line delivers them: all in one packet."""
        for key in keys:
            self._send(key)
        await self._settle()

    async def command(self, text: str) -> None:
        """Write a command at `:` and do it."""
        await self.press("colon")
        await self.type(text)
        await self.press("enter")

    async def paste(self, text: str) -> None:
        """Paste text, as a terminal hands it over."""
        assert self.app._driver is not None
        event = events.Paste(text)
        event.time = self._clock
        self.app._driver.send_message(event.set_sender(self.app))
        await self._settle()

    async def drag_over(self, text: str) -> None:
        """Press the mouse before a text on the screen, drag it over all of it, and release it."""
        row = next(number for number, line in enumerate(self.lines()) if text in line)
        first = self.lines()[row].index(text)
        assert self.app._driver is not None
        for kind, x in (
            (events.MouseDown, first),
            (events.MouseMove, first + len(text)),
            (events.MouseUp, first + len(text)),
        ):
            event = kind(None, x, row, 0, 0, 1, False, False, False, x, row)
            self.app._driver.send_message(event.set_sender(self.app))
            await self._settle()

    def _send(self, key: str) -> None:
        """As `Pilot.press` does, which waits for an idle processor: there is none while others poll."""
        name = key if len(key) > 1 or key.isalnum() else _character_to_key(key)
        event = events.Key(name, key if len(key) == 1 else " " if key == "space" else None)
        event.time = self._clock
        driver = self.app._driver
        assert driver is not None
        driver.send_message(event.set_sender(self.app))

    async def _settle(self) -> None:
        """Until no widget has had anything to do for some turns, or the console has ended."""
        turns = quiet = 0
        while quiet < _QUIET_TURNS:
            await asyncio.sleep(0 if turns < _QUICK_TURNS else _LOOK_EVERY)
            if self.app.return_code is not None or self.app._exception is not None:
                return
            busy = _is_busy(self.app) or any(map(_is_busy, below(self.app.screen)))
            if not busy or self._erp is None:
                # In scenes that are compared as pictures each step is laid out by itself.
                self.app.screen._on_timer_update()
            turns, quiet = turns + 1, 0 if busy else quiet + 1
        await self._drawn()

    async def _drawn(self) -> None:
        """Until an emulated terminal shows what Textual has on its screen."""
        driver = self.app._driver
        if isinstance(driver, ThroughDriver) and self.app.is_running:
            await self._comes(lambda: driver.shows(self._drawn_lines()), "picture on the terminal")

    async def refresh(self) -> None:
        """Press `r`, and wait until every topic that was asked has been heard."""
        core = self.app.session.core
        assert core is not None
        topics = [topic for topic in core.intervals if topic not in core.store.absent]
        before = {topic: core.store.snapshot(topic).generation for topic in topics}
        await self.press("r")
        await self.until(
            lambda: all(core.store.snapshot(topic).generation > before[topic] for topic in topics),
            "an answer to every question",
        )
        await self._settle()

    def has_heard_all(self) -> bool:
        """Whether every topic had a response, or failed."""
        core = self.app.session.core
        return core is not None and all(
            core.store.snapshot(topic).generation or topic in core.store.absent
            for topic in core.intervals
        )

    # Seeing.

    def lines(self) -> list[str]:
        """The screen, line by line, as the operator sees it."""
        driver = self.app._driver
        return driver.lines() if isinstance(driver, ThroughDriver) else self._drawn_lines()

    def _drawn_lines(self) -> list[str]:
        screen, picture = self.app.screen, self._picture or Picture()
        if not picture.shows(screen):
            picture.lines = [strip.text for strip in screen._compositor.render_strips()]
        return picture.lines

    def text(self) -> str:
        """The screen, or the dialog in front, on one line: wrapped sentences read as they were."""
        lines = self.lines()
        if self.heading():
            lines = self._framed(lines)
        return " ".join(" ".join(lines).split())

    async def read(self) -> str:
        """All that the dialog in front says, by scrolling through it; a sentence is never cut in two."""
        whole, body, pages = self.text(), self._body(), 1
        while True:
            await self.press("pagedown")
            page = self._body()
            common = next(n for n in range(len(page), -1, -1) if body[len(body) - n :] == page[:n])
            if common == len(page):
                break
            body, pages = body + page[common:], pages + 1
        await self.press(*["pageup"] * pages)
        return f"{whole} {' '.join(' '.join(body).split())}"

    def _body(self) -> list[str]:
        """The lines of the dialog's body that are in sight, without frame and scrollbar."""
        seen = self.app.screen.query_one("#body").region
        framed = self._framed(self.lines()[seen.y : seen.bottom])
        return [line.rstrip(" ▁▂▃▄▅▆▇█") for line in framed]

    def _framed(self, lines: Sequence[str]) -> list[str]:
        """What stands inside of a dialog's frame."""
        bar = self._frame
        return [line[line.index(bar) + 1 : line.rindex(bar)] for line in lines if line.count(bar) > 1]

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait until it holds, and all that follows from it is on screen; fail with the screen."""
        await self._comes(holds, what)
        await self._settle()

    async def _comes(self, holds: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"no {what} in:\n" + "\n".join(self.lines())
            await asyncio.sleep(_LOOK_EVERY)
            self.app.screen._on_timer_update()

    async def ends(self) -> None:
        """Wait until the console has ended."""
        end = time.monotonic() + PATIENCE
        while self.app.return_code is None or self.app.is_running:
            assert time.monotonic() < end, "the console goes on"
            await asyncio.sleep(_LOOK_EVERY)

    async def leaves(self, key: str) -> None:
        """Press a key that ends the console."""
        self._send(key)
        await self.ends()

    async def looks(self) -> None:
        """Look at what is in front until all that counts in it has been drawn, and read it."""
        await self._settle()
        self._drawn_lines()
        for facts in self.app.screen.query(Facts):
            await self.until(partial(_is_drawn, facts), "facts on screen")
        self.wait(PAUSE)
        if isinstance(self.app.screen, Dialog):
            await self._settle()
            self.app.screen.show_whether_ready()
            await self._settle()

    async def sees(self, *texts: str) -> None:
        """Wait until all of it is on screen."""
        for text in texts:
            await self._comes(partial(self._shows, text), repr(text))
        await self._settle()

    def _shows(self, text: str) -> bool:
        return text in self.text()

    async def loses(self, text: str) -> None:
        """Wait until it is no longer on screen."""
        await self.until(lambda: text not in self.text(), f"screen without {text!r}")

    async def opens(self, heading: str) -> None:
        """Wait until a dialog with that in its heading is in front; empty: until there is none."""
        await self.until(
            lambda: heading in self.heading() if heading else not self.heading(), f"dialog {heading!r}"
        )
        await self.looks()

    def heading(self) -> str:
        """The heading of the dialog in front, or empty."""
        return self.app.screen.heading if isinstance(self.app.screen, Dialog) else ""

    def cursor_row(self) -> str:
        """The list's line under the cursor, or empty while there is none."""
        lines: list[str] = []
        if self._picture and not self._picture.is_of(self.app.screen):
            lines = drawn_list(self.app.screen)
        return next((line for line in lines or self.lines() if line.startswith(self._gutter)), "")

    def rows(self) -> list[str]:
        """The list's lines below its titles, without the cursor bar."""
        rows = self._deck().query_one(RowList)
        top = rows.region.y
        lines = self.lines()[top : top + min(len(rows.keys), rows.size.height)]
        return [line[1 : rows.size.width].rstrip() for line in lines]

    def choice(self) -> str:
        """The line under the cursor of the list in the dialog in front, without its frame."""
        lines = (line.strip() for line in self._framed(self.lines()))
        return next((line for line in lines if line.startswith(self._gutter)), "")

    def choices(self) -> int:
        """How many there are in the list of the dialog in front."""
        return len(self.app.screen.query_one(RowList).keys)

    def copyable(self) -> list[str]:
        """What each choice of the chooser in front would copy."""
        chooser = self.app.screen
        assert isinstance(chooser, CopyDialog)
        return [choice.text for choice in chooser._choices.values()]

    def said(self, where: str) -> str:
        """A named line of the full screen: chip, engine, trouble, banner, notice, status."""
        return self._deck().query_one(f"#{where}", TextLine).shown.strip()

    def colour_of(self, text: str) -> str:
        """The colour in which the first occurrence of a text on the screen is drawn: `#ff0000`."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        for strip in strips:
            column = strip.text.find(text)
            if column >= 0:
                for segment in strip:
                    column -= len(segment.text)
                    if column < 0:
                        colour = segment.style.color if segment.style else None
                        return "" if colour is None else colour.get_truecolor().hex
        raise AssertionError(f"no {text!r} in:\n" + "\n".join(self.lines()))

    def theme_colour(self, name: str) -> str:
        """A colour of the theme in use: `error`, `warning`."""
        return self.app.get_css_variables()[name].lower()

    def tone(self, where: str) -> str:
        """The tone of a named line of the full screen: error, warning, ok, busy, off; or none."""
        line = self._deck().query_one(f"#{where}", TextLine)
        tones = ("error", "warning", "ok", "busy", "off")
        return next((tone for tone in tones if line.has_class(f"-{tone}")), "")

    def dialog_trouble(self) -> str:
        """What the dialog in front says went wrong, or happened."""
        return self.app.screen.query_one("#trouble", TextLine).shown

    def palette(self) -> set[str]:
        """The operations that the palette in front lists."""
        return set(self.app.screen.query_one(RowList).keys)

    def chip(self) -> str:
        """How fresh the screen says it is."""
        return self.said("chip")

    def is_dimmed(self) -> bool:
        """Whether the data on screen is shown as old."""
        return self._deck().has_class("-stale")

    def keys_offered(self) -> str:
        """The last line of the screen, or of the dialog in front."""
        if not self.heading():
            return self.lines()[-1]
        return [line for line in self.lines() if line.count(self._frame) > 1][-1]

    def dimmed(self) -> set[str]:
        """The actions whose keys do not count yet, as the dialog in front shows them."""
        dialog = self.app.screen
        assert isinstance(dialog, Dialog)
        shown = {active.binding.action for active in dialog.active_bindings.values()}
        return set(filter(dialog.is_dimmed, shown))

    def tab(self) -> str:
        """The full screen in front."""
        return str(self._deck().TAB)

    def offered(self) -> set[str]:
        """The operations that have a key on the screen in front."""
        actions = [active.binding.action for active in self.app.screen.active_bindings.values()]
        return {a.split("'")[1] for a in actions if a.startswith("operation(")}

    def _deck(self) -> Any:
        deck = self.app.tab_screen
        assert deck is not None, "no full screen is shown"
        return deck

    # The other side.

    def sent(self) -> list[dict[str, Any]]:
        """What the simulator received that could change anything."""
        assert self._erp is not None
        return [
            entry
            for entry in self._erp.log()
            if entry["method"] in WRITES and not any(part in entry["path"] for part in READING_BY_POST)
        ]


# Starting.


def jtl_of(erp: RunningSimulator) -> str:
    """What JTL-Wawi of the simulator is known by in the audit trail of such a config."""
    return f"{erp.cloud_base} · tenant {erp.tenant_id}"


def write_config(
    erp: RunningSimulator,
    *,
    profile: str = "sim",
    environment: str = "development",
    systems: Sequence[str] = ("jtl", "superoffice"),
    read_only: bool = False,
    refresh: Mapping[str, float] | None = None,
    others: Mapping[str, str] | None = None,
    online: bool = False,
    history: bool = False,
) -> Path:
    """Write a config for the simulator where the test's own config lies; `others`: more profiles on it,
    by name with their environment; `online`: SuperOffice is looked up by its customer id; `history`:
    whether it records.
    """
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    logins = {"jtl": erp.client_secret, "superoffice": erp.so_token}
    for name, secret in logins.items():
        (path.parent / name).write_text(secret)
        (path.parent / name).chmod(0o600)
    parts = {
        "jtl": f"""
[profiles.{profile}.jtl]
deployment = "cloud"
base_url = "{erp.cloud_base}"
tenant_id = "{erp.tenant_id}"
[profiles.{profile}.jtl.auth]
type = "client-credentials"
token_url = "{erp.token_url}"
client_id = "{erp.client_id}"
client_secret = {{ file = "jtl" }}
""",
        "superoffice": f"""
[profiles.{profile}.superoffice]
{erp.so_online if online else f'base_url = "{erp.so_base}"'}
[profiles.{profile}.superoffice.auth]
type = "bearer"
token = {{ file = "superoffice" }}
""",
    }
    intervals = {"workers": 1, "engine": 10, "extensions": 60, "connections": 60, **(refresh or {})}
    other = "".join(
        f'[profiles.{name}]\nenvironment = "{word}"\n'
        + "".join(
            parts[system].replace(f"profiles.{profile}.", f"profiles.{name}.") for system in systems
        )
        for name, word in (others or {}).items()
    )
    path.write_text(
        f'default_profile = "{profile}"\n{other}[profiles.{profile}]\nenvironment = "{environment}"\n'
        f"read_only = {json.dumps(read_only)}\n"
        + "".join(parts[system] for system in systems)
        + f"[history]\nenabled = {json.dumps(history)}\n[profiles.{profile}.refresh]\n"
        + "".join(f"{name} = {seconds}\n" for name, seconds in intervals.items())
    )
    path.chmod(0o600)
    return path


def _is_drawn(facts: Facts) -> bool:
    return facts.is_drawn


def _is_busy(pump: MessagePump) -> bool:
    """Whether it has a message, or is in the middle of one: then it does not wait for the next."""
    queue: Any = pump._message_queue
    return not queue.empty() or not queue.ready_event._waiters


def wall_clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


def launch_for(path: Path, options: RunOptions | None = None) -> Launch:
    """What the command line hands over for the default profile of a config."""
    options = options or RunOptions()
    given = Arguments(config=path, profile=None, demo=False, replay=None, **asdict(options))
    return replace(plan(given, path), mouse=False)


@asynccontextmanager
async def console(
    erp: RunningSimulator,
    *,
    size: tuple[int, int] = (80, 24),
    options: RunOptions | None = None,
    waits: bool = True,
    clock: Callable[[], datetime] = wall_clock,
    set_clock: Callable[[], datetime] | None = None,
    longest: float = _LONGEST_STORY,
    **config: Any,
) -> AsyncIterator[Console]:
    """The console on a profile of the simulator, with its list on screen and every list read if `waits`.

    `config` goes to `write_config`; the log starts empty then. A `clock` that is ahead means that time
    has passed; a `set_clock` that is, that somebody has set it.
    """
    launch = launch_for(write_config(erp, **config), options)
    async with started(
        launch, erp, size=size, clock=clock, set_clock=set_clock, longest=longest
    ) as deck:
        if waits:
            await deck.until(lambda: deck.chip() == "live", "live data")
            await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
            await deck.until(deck.has_heard_all, "a response to every first request")
            erp.clear_log()
        yield deck


@asynccontextmanager
async def started(
    launch: Launch,
    erp: RunningSimulator | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    clock: Callable[[], datetime] = wall_clock,
    set_clock: Callable[[], datetime] | None = None,
    longest: float = _LONGEST_STORY,
) -> AsyncIterator[Console]:
    """The console as the command line starts it."""

    def passed() -> float:
        return elapsed() + (0.0 if set_clock else (clock() - wall_clock()).total_seconds())

    app = SyncdeckApp(launch, set_clock or clock, elapsed=passed)
    with drawn_when_read() as picture:
        async with asyncio.timeout(longest), app.run_test(size=size) as pilot:
            deck = Console(app, pilot, erp, picture)
            try:
                yield deck
            finally:
                if app.return_code is None:
                    app.leave(0)
                    await deck.ends()
    assert [type(fault).__name__ for fault in app.survived] == deck.bugs
