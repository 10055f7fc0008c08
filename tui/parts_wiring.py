"""What a profile and the demo are made of, for the composition root. Imports late, as it does."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from tui.api.jtl.version_memory import FileVersions
    from tui.api.live_service import LiveService
    from tui.api.settings import ServiceSettings
    from tui.config.model import Refresh
    from tui.core import Core, ServiceHandle
    from tui.launch import RunOptions
    from tui.ops.audit.file_trail import AuditTrail
    from tui.ops.drafts.draft import MemoryDrafts
    from tui.ops.drafts.file_drafts import FileDrafts

    Clock = Callable[[], datetime]


def core_of(
    handle: "ServiceHandle",
    refresh: "Refresh",
    trail: "AuditTrail",
    drafts: "MemoryDrafts | FileDrafts",
    given_clock: "Clock | None" = None,
    *,
    slow: bool,
) -> "Core":

    from tui.config.to_settings import every
    from tui.core import Core
    from tui.domain.elapsed import elapsed, utc_now
    from tui.ops.drafts.autosave import DraftKeeper
    from tui.ops.execution.executor import Executor
    from tui.ops.execution.guard import Guard
    from tui.store.connection_details import ConnectionsBook
    from tui.store.poller import Poller
    from tui.store.snapshot import Topic
    from tui.store.store import Store

    clock = given_clock or utc_now
    steady = _seconds(given_clock) if given_clock else elapsed
    intervals = every(refresh, slow=slow)
    guard = Guard(handle.service, handle.facts, trail, clock=clock)
    store = Store(frozenset(topic for topic in Topic if topic.system not in handle.facts.systems))
    return Core(
        facts=handle.facts,
        service=handle.service,
        store=store,
        poller=Poller(handle.service, store, intervals, clock=clock, elapsed=steady),
        connections=ConnectionsBook(
            handle.service,
            store,
            intervals[Topic.CONNECTIONS],
            clock=clock,
            elapsed=steady,
            seen=handle.seen,
        ),
        guard=guard,
        executor=Executor(guard),
        trail=trail,
        drafts=DraftKeeper(drafts),
        intervals=intervals,
        elapsed=steady,
        warnings=handle.warnings,
        runbooks=handle.runbooks,
    )


def service_of(
    settings: "ServiceSettings",
    options: "RunOptions",
    *,
    asgi_app: object | None = None,
    versions: "FileVersions | None" = None,
    clock: "Clock | None" = None,
) -> "LiveService":
    from tui.api.http.transport import Time
    from tui.api.live_service import LiveService
    from tui.config.file import ConfigError

    # A fixed clock replaces ours, which is compared with the server's.
    time = Time(wall=_seconds(clock), elapsed=_seconds(clock)) if clock else None
    try:
        return LiveService(
            settings, asgi_app=asgi_app, log_file=options.log, versions=versions, time=time
        )
    except OSError as error:
        raise ConfigError(f"{options.log}: the log cannot be written: {error.strerror}") from None


def _seconds(clock: "Clock") -> "Callable[[], float]":
    """The seconds of a clock that a test drives."""
    return lambda: clock().timestamp()


def forbid_plugins() -> None:
    """Have pydantic look for no plugins: it would read what every installed package declares before the
    first data is shown, and a plugin would see the secrets of the config."""
    import sys
    from types import ModuleType

    loader = ModuleType("pydantic.plugin._loader")
    vars(loader)["get_plugins"] = tuple
    sys.modules.setdefault(loader.__name__, loader)


def open_to_others(config: "Path") -> "Iterator[str]":
    """Files that others on this machine may read, each with the command that fixes it."""
    from tui.domain.text import counted
    from tui.paths import cache_dir, exposed, others_may_read, shown, state_dir

    if others_may_read(config):
        yield f"{shown(config)} can be read by others: chmod 600 {config}"
    for place in (usable(state_dir), usable(cache_dir)):
        if count := exposed(place):
            files = counted(count, "file")
            yield f"{files} in {shown(place)} can be read by others: chmod -R go= {place}"


def usable(of: "Callable[[], Path]") -> "Path":
    from tui.config.file import ConfigError

    try:
        return of()
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}") from None
