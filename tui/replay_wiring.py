"""A core that shows a file of `history cut`: read-only, without servers, opened at its end.

Imports late, as the composition root does.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tui.core import Core
    from tui.domain.profile import ProfileFacts
    from tui.launch import RunOptions


def replay_facts(path: "Path") -> "ProfileFacts":
    """What the first frame shows: nothing of the file is read yet."""
    from tui.domain.profile import Environment, ProfileFacts, System

    return ProfileFacts(
        path.name, Environment.DEVELOPMENT, True, frozenset(System), sealed=True, is_recording=True
    )


def replay_core(path: "Path", options: "RunOptions") -> "Core":
    """Nothing is polled, and no server is known: a request is refused here.

    Raises tui.config.file.ConfigError: the file cannot be replayed.
    """
    from tui.config.file import ConfigError
    from tui.core import LateHistory
    from tui.domain.elapsed import utc_now
    from tui.history.build import replayed
    from tui.history.cut import NotReplayableError, open_replay
    from tui.session.past_store import store_of
    from tui.simulator.app import WithoutAWorld
    from tui.store.poller import Poller
    from tui.store.snapshot import Topic
    from tui.wiring import demo_core

    try:
        reader = open_replay(path)
        end = reader.extent().until
        states = reader.states_at(end) if end is not None else {}
    except NotReplayableError as error:
        raise ConfigError(str(error)) from None
    if end is None:
        raise ConfigError(f"{path.name} holds no record")
    core = demo_core(options, app=WithoutAWorld(), facts=replay_facts(path))
    filled = store_of(states, core.store, end)
    for topic in Topic:
        rows = filled.snapshot(topic).data
        if rows is not None:
            core.store.succeed(topic, 1, rows, at=end, took=0.0)
    return replace(
        core,
        poller=Poller(core.service, core.store, {}, clock=utc_now),
        late_history=LateHistory(lambda: replayed(reader, utc_now), opens_at=end),
    )
