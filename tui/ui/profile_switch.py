"""Switching to another profile: at once, whatever the old connection is doing.

Invariant: after the choice, no screen, dialog or key of the old profile is left; what was sent for it
still gets its response.
"""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui.config.file import ConfigError
from tui.ui.host import AppHost

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core import Core
    from tui.domain.profile import ProfileFacts
    from tui.launch import Launch
    from tui.session.session import Session
    from tui.ui.screens.tab_screen import TabScreen


class _App(AppHost, Protocol):
    """An app whose profile can be changed."""

    def new_session(self, facts: "ProfileFacts") -> "Session": ...
    def hand_over(self, session: "Session") -> "Iterable[TabScreen]": ...
    async def connect(self, session: "Session", make_core: "Callable[[], Core]") -> None: ...
    def note_last_words(self, session: "Session") -> None: ...


class ProfileSwitch:
    """The profiles of the config, and the sessions of those that were left."""

    def __init__(self, app: _App, launch: "Launch") -> None:
        self._app = app
        self._launch = launch
        self.retired: list[Session] = []
        """Sessions that still have something to close."""
        self._asked = False
        """Whether it was said that something would be lost."""

    def open(self) -> str:
        """Offer the other profiles; why there are none, or empty."""
        from tui.ui.modals.profiles import ProfilesDialog

        app, here = self._app, self._app.session.facts.name
        if len(self._launch.profiles) <= 1:
            return f"there is no other profile: the config defines only {here}"
        lost, self._asked = app.session.at_risk, not self._asked
        if lost and self._asked:
            return f"{lost}. Press again to switch without it"
        self._asked = False
        app.push_screen(ProfilesDialog(self._launch.profiles, here), self._chosen)
        return ""

    def _chosen(self, name: str | None) -> None:
        app = self._app
        facts = next((facts for facts in self._launch.profiles if facts.name == name), None)
        if facts is None or name == app.session.facts.name:
            return
        old, new = app.session, app.new_session(facts)
        self.retired.append(old)
        left = app.hand_over(new)
        app.run_worker(self._let_go(old), group="retire", exit_on_error=False)
        app.run_worker(self._take_up(new, left), group="connect")

    async def _let_go(self, session: "Session") -> None:
        await session.retire()
        self._app.note_last_words(session)
        self.retired.remove(session)

    async def _take_up(self, new: "Session", left: Iterable["TabScreen"]) -> None:
        app, make_core = self._app, self._launch.core_of
        assert make_core is not None  # noqa: S101 - a launch with profiles has it
        try:
            await app.connect(new, partial(make_core, new.facts.name))
        except ConfigError as error:
            new.failure = str(error)
            if app.session is new and app.tab_screen is not None:
                app.tab_screen.look_at_clock()
                app.tab_screen.notice(f"{error} · P switches to another profile", "error")
        for screen in left:
            if screen.is_attached:
                await screen.remove()
