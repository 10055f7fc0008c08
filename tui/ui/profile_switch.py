"""Going to another profile: at once, whatever the old one's connection does.

Invariant: from the choice on, no screen, no dialog and no key of the old profile is left; what was
sent for it still gets its answer.
"""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from tui.config.file import ConfigError

if TYPE_CHECKING:
    from tui.launch import Launch
    from tui.ui.app import SyncdeckApp
    from tui.ui.desk import Desk
    from tui.ui.screens.deck import DeckScreen


class ProfileSwitch:
    """The profiles of the config, and the desks of those that were left."""

    def __init__(self, app: "SyncdeckApp", launch: "Launch") -> None:
        self._app = app
        self._launch = launch
        self.retired: list[Desk] = []
        """Desks that still have something to let go of."""

    def open(self) -> None:
        """Offer the other profiles."""
        from tui.ui.modals.profiles import ProfilesDialog

        app, here = self._app, self._app.desk.facts.name
        if len(self._launch.profiles) > 1:
            app.push_screen(ProfilesDialog(self._launch.profiles, here), self._chosen)
        elif app.deck is not None:
            app.deck.notice(f"there is no other profile: the config defines {here} alone")

    def _chosen(self, name: str | None) -> None:
        app = self._app
        facts = next((facts for facts in self._launch.profiles if facts.name == name), None)
        if facts is None or name == app.desk.facts.name:
            return
        old, new = app.desk, app.new_desk(facts)
        self.retired.append(old)
        left = app.hand_over(new)
        app.run_worker(self._let_go(old), group="retire", exit_on_error=False)
        app.run_worker(self._take_up(new, left), group="connect")

    async def _let_go(self, desk: "Desk") -> None:
        await desk.retire()
        self.retired.remove(desk)

    async def _take_up(self, new: "Desk", left: Iterable["DeckScreen"]) -> None:
        """Build the new profile's core; say so where its config is not valid."""
        app, make_core = self._app, self._launch.core_of
        assert make_core is not None  # noqa: S101 - a launch with profiles has it
        try:
            await app.connect(new, partial(make_core, new.facts.name))
        except ConfigError as error:
            new.failure = str(error)
            if app.desk is new and app.deck is not None:
                app.deck.look_at_clock()
                app.deck.notice(f"{error} · P goes to another profile", "error")
        for deck in left:
            if deck.is_attached:
                await deck.remove()
