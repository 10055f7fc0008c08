"""The frame of all full screens: header, trouble line, notice, status line, keys, freshness.

A failing poll changes the chip and the trouble line and dims the data; it never opens anything.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.events import ScreenResume

from tui.ops.operations.registry import OPERATIONS
from tui.session.session_view import HISTORY_NOT_READ, NOT_CONNECTED
from tui.store.freshness import Freshness, worst
from tui.store.snapshot import Topic
from tui.ui.host import app_of
from tui.ui.maintenance_words import banner_of
from tui.ui.screens.engine.header import engine_header
from tui.ui.screens.history_keys import HistoryScreen
from tui.ui.screens.trouble import clock_note, trouble_of
from tui.ui.widgets.key_bar import KeyBar
from tui.ui.widgets.screen_header import ScreenHeader
from tui.ui.widgets.size_guard import cover
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.domain.profile import ProfileFacts
    from tui.session.session import Session
    from tui.startup.last_screen import LastState
    from tui.ui.host import AppHost

TABS = tuple(
    (one.key, one.short.capitalize()) for one in OPERATIONS.values() if one.id.startswith("screen.")
)
"""(key, title)."""


class ScreenFrame(HistoryScreen):
    """The base of `TabScreen` for what it shows."""

    TAB: ClassVar[str] = ""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self.session = session
        self._tells_sending = False
        """Whether the notice shows what is being sent, for lack of another message."""
        self._was_in_front = False
        self._completing = asyncio.Lock()
        self._is_complete = False
        # Before there are widgets whose styles depend on it.
        self._show_trust()

    def compose(self) -> ComposeResult:
        """Header, body, trouble line, notice, status line, keys; what is hidden follows them."""
        yield ScreenHeader((key, title, title == self.TAB) for key, title in TABS)
        yield from self.compose_body()
        yield TextLine(id="trouble", classes="-empty")
        yield TextLine(id="notice", classes="-empty")
        yield TextLine(id="status")
        yield KeyBar(self.is_refused, self.bar_rank)

    def compose_body(self) -> ComposeResult:
        yield from ()

    def is_refused(self, action: str) -> bool:
        """Whether the key of an action is dimmed."""
        return False

    def on_mount(self) -> None:
        """Check the clock once a second: only what changed repaints."""
        self.call_after_refresh(self.complete)
        self.show_profile()
        self.set_interval(1.0, self.look_at_clock)
        self.look_at_clock()

    async def complete(self) -> None:
        """Mount what is hidden until a key shows it: the first frame does not wait for it."""
        async with self._completing:
            if not self._is_complete and self.is_attached:
                self.host.read_later_styles()
                await self.mount_hidden()
                self._is_complete = True

    async def mount_hidden(self) -> None: ...

    def on_screen_suspend(self) -> None:
        """Below a dialog, no keys are shown."""
        self.query_one(KeyBar).refresh()

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Catch up with what was published while another screen was in front."""
        # Textual styles everything when it is mounted, and a new screen a second time here.
        event.refresh_styles &= self._was_in_front
        self._was_in_front = True
        self.query_one(KeyBar).refresh()
        cover(self, self.app.size)
        self.show_profile()
        self.look_at_clock()
        self.history_changed()
        self.follow_all()
        if self._tells_sending or not self.query_one("#notice", TextLine).shown:
            self.notice("")

    def show_profile(self) -> None:
        """Show the profile in the header, and the operations it allows."""
        self.show_past()
        self.refresh_bindings()

    def connected(self, warnings: str) -> None:
        """The core exists now; `warnings` are of its making."""
        self.show_profile()
        self.look_at_clock()
        self.add_notice(warnings)

    @property
    def host(self) -> "AppHost":
        return app_of(self)

    @property
    def is_in_front(self) -> bool:
        """Whether it is the full screen in front, below any dialog."""
        return cast("object", self.host.tab_screen) is self

    def snapshot_changed(self, topic: Topic) -> None:
        self.look_at_clock()
        if topic in self.TOPICS:
            self.follow(topic)

    def follow(self, topic: Topic) -> None:
        """Show the newest of one topic."""

    def follow_all(self) -> None:
        for topic in self.TOPICS:
            self.follow(topic)

    def time_changed(self) -> None:
        self.show_profile()
        self.follow_all()
        self.look_at_clock()

    def state_to_keep(self, facts: "ProfileFacts") -> "LastState | None":
        """What the next start shows first; None: nothing of this screen."""
        return None

    def trail_read(self) -> None:
        """Follow the audit trail; most screens show nothing of it."""

    def chips(self) -> Sequence[Freshness]:
        """How fresh each source of this screen is."""
        return [self.session.freshness(topic) for topic in self.TOPICS]

    def look_at_clock(self) -> None:
        header, chips = self.query_one(ScreenHeader), self.chips()
        header.show_freshness(worst(chips))
        self.show_attention()
        engine, chip = self.session.snapshot(Topic.ENGINE).data, self.session.freshness(Topic.ENGINE)
        awaited, excused = self.session.requests.awaited, self.session.excused
        header.show_engine(*engine_header(engine, chip, awaited, excused))
        header.show_maintenance(*banner_of(self.session))
        self._show_trust()
        self.show_past()
        text, tone = self.past_trouble(chips) or self.trouble()
        self.query_one("#trouble", TextLine).show(text, tone)
        if self._tells_sending:
            self.notice("")
        self._withdraw_refusals()

    def _withdraw_refusals(self) -> None:
        """What was missing in the first moments is there."""
        if self.session.core is not None:
            self.unnotice(NOT_CONNECTED)
        if self.session.history is not None:
            self.unnotice(HISTORY_NOT_READ)

    def history_changed(self) -> None:
        super().history_changed()
        self._withdraw_refusals()

    def show_attention(self) -> None:
        """Show in the tab line what needs attention; the operator has seen the current tab."""
        if self.is_in_front:
            self.session.attention.mark_seen(self.TAB)
        self.query_one(ScreenHeader).show_attention(self.session.attention.counts())

    def _show_trust(self) -> None:
        stale = not all(chip.trusted for chip in self.chips())
        if stale is not self.has_class("-stale"):
            # Only these look other then: to style the whole screen again takes ten times as long.
            self.set_class(stale, "-stale", update=False)
            for widget in self.query("RowList, Facts"):
                widget.update_node_styles()

    def trouble(self) -> tuple[str, str]:
        """What is wrong with this screen's topics, cause and next step; and its tone."""
        return trouble_of(self.session, self.TOPICS)

    def clock_note(self) -> str:
        """A note on the server's clock where it differs from ours."""
        return clock_note(self.session, self.TOPICS[0].system)

    def notice(self, text: str, tone: str = "warning") -> None:
        """Show a message until the next one or until esc is pressed; else what is being sent."""
        sending = "" if text else self.session.under_way
        self._tells_sending = bool(sending)
        self.query_one("#notice", TextLine).show(text or sending, "busy" if sending else tone)

    def unnotice(self, text: str) -> None:
        """Take a message away that no longer holds, whatever stands before it on its line."""
        lines = self.query_one("#notice", TextLine).shown.split("\n")
        others = [line for line in lines if not line.endswith(text)]
        if len(others) < len(lines):
            self.notice("\n".join(others))

    def add_notice(self, text: str) -> None:
        """Show a message below the current one."""
        shown = "" if self._tells_sending else self.query_one("#notice", TextLine).shown
        if text:
            self.notice("\n".join(filter(None, (shown, text))))
