"""The history of a profile, for the composition root. It is built late: the first data must not wait."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tui.core import Core, LateHistory
    from tui.domain.history.records import Event
    from tui.domain.history.settings import HistorySettings
    from tui.history.history import History
    from tui.history.recorder import Feed
    from tui.simulator.app import App

    Clock = Callable[[], datetime]


def kept_history(core: "Core", settings: "HistorySettings") -> "LateHistory | None":
    """In the user's files; nothing is opened before it is wanted."""
    import socket

    from tui import __version__
    from tui.core import LateHistory
    from tui.domain.elapsed import utc_now
    from tui.history_access import places_of

    if not settings.enabled:
        return None
    name = core.facts.name
    place, fallback = places_of(settings, name)
    addresses = {f"address_{system}": address for system, address in core.facts.addresses}
    meta = {"profile": name, "host": socket.gethostname(), "version": __version__, **addresses}

    def make() -> "History":
        from tui.history.build import kept

        return kept(_feed(core, utc_now), place, fallback, settings, meta)

    def keep(event: "Event") -> None:
        from tui.history import inbox

        inbox.append(place, fallback, event)

    return LateHistory(make, inbox=keep)


def demo_history(core: "Core", given_clock: "Clock | None", app: "App") -> "LateHistory":
    """In memory, after a past of the simulated world."""
    from tui.core import LateHistory
    from tui.domain.elapsed import utc_now

    clock = given_clock or utc_now

    def make() -> "History":
        from tui.history.build import in_memory
        from tui.simulator.past import past_of

        return in_memory(_feed(core, clock), past_of(app.world, clock()))

    return LateHistory(make)


def _feed(core: "Core", clock: "Clock") -> "Feed":
    from tui.domain.timestamps import by_server
    from tui.history.recorder import Feed

    return Feed(
        core.store,
        core.poller.pace,
        lambda system, at: by_server(at, core.service.clock_offset(system)),
        lambda: core.connections.expected,
        clock,
    )
