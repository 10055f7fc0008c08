"""The composition root: builds what a profile needs and hands it over.

The only module that may know everything, and only inside its functions: importing it loads nothing.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.domain.systems import Environment, ProfileFacts, System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from starlette.applications import Starlette

    from tui.api.live import LiveService
    from tui.api.probe import Probe
    from tui.api.registration import Registrar
    from tui.api.service import ErpService
    from tui.api.settings import ServiceSettings
    from tui.api.versions import VersionMemory
    from tui.config.file import ConfigFile
    from tui.config.model import Config, Refresh
    from tui.launch import RunOptions
    from tui.ops.conduct import Conduct
    from tui.ops.draft_keeper import DraftKeeper
    from tui.ops.drafts import Drafts
    from tui.ops.guard import Guard
    from tui.ops.registration import Registration
    from tui.ops.trail import AuditTrail
    from tui.store.connections import ConnectionsBook
    from tui.store.poller import Poller
    from tui.store.sightings import SeenConnections
    from tui.store.snapshot import Topic
    from tui.store.store import Store

    Clock = Callable[[], datetime]

DEMO = "demo"
_DEMO_URL = "http://demo.localhost"
_DOCTOR_READ = 5.0
"""Seconds that a read may take under `doctor`, its retries included."""


@dataclass(frozen=True, slots=True)
class Core:
    """One profile at work, without a screen."""

    facts: ProfileFacts
    service: "ErpService"
    store: "Store"
    poller: "Poller"
    connections: "ConnectionsBook"
    guard: "Guard"
    conduct: "Conduct"
    trail: "AuditTrail"
    drafts: "DraftKeeper"
    intervals: "Mapping[Topic, float]"
    """Seconds between two polls of each topic."""
    elapsed: "Callable[[], float]"
    """The clock that is never set, by which ages are told."""
    warnings: tuple[str, ...] = ()
    """What in the config is allowed but worth a word."""

    async def aclose(self) -> None:
        """Keep what was typed, stop asking and drop every connection at once."""
        await self.drafts.aclose()
        await self.poller.aclose()
        await self.connections.aclose()
        await self.service.aclose()


@dataclass(frozen=True, slots=True)
class Line:
    """A profile's service alone, for commands that ask once."""

    facts: ProfileFacts
    service: "ErpService"
    warnings: tuple[str, ...] = ()
    seen: "SeenConnections | None" = None
    """What was seen of its connections before; None: nothing is kept."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A profile as `doctor` looks at it: its service, and what lies below."""

    facts: ProfileFacts
    service: "ErpService"
    probe: "Probe"
    intervals: "Mapping[Topic, float]"
    """Seconds between two polls of each topic in the console."""
    warnings: tuple[str, ...] = ()


def build_core(config_file: "ConfigFile", profile_name: str, options: "RunOptions") -> Core:
    """Build everything for one profile of a config; nothing is asked yet.

    Raises:
        tui.config.file.ConfigError: the config is not valid, or refers to what is not there.
    """
    from tui.ops.audit import FileTrail
    from tui.ops.draft_files import FileDrafts
    from tui.ops.places import system_of
    from tui.paths import state_dir, trail_path

    line, config = _connect(config_file, profile_name, options)
    trail = FileTrail(_place(lambda: trail_path(profile_name)))
    drafts = FileDrafts(
        _place(state_dir) / "drafts" / profile_name,
        lambda operation: line.facts.address_of(system_of(operation)),
    )
    line = replace(line, warnings=(*line.warnings, *drafts.troubles))
    refresh = config.profiles[profile_name].refresh
    return _core(line, refresh, trail, drafts, slow=options.slow)


def build_line(config_file: "ConfigFile", profile_name: str, options: "RunOptions") -> Line:
    """Build the service of one profile; nothing is asked yet.

    Raises:
        tui.config.file.ConfigError: as `build_core`.
    """
    return _connect(config_file, profile_name, options)[0]


def build_registrar(registration: "Registration", options: "RunOptions") -> "Registrar":
    """Build what registers an app at the server that is meant; nothing is sent yet.

    Raises:
        tui.config.file.ConfigError: the log cannot be written.
    """
    from tui.api.live_registration import LiveRegistrar
    from tui.api.settings import ConnectionSettings
    from tui.config.file import ConfigError

    connection = ConnectionSettings(ca_bundle=registration.ca_bundle)
    try:
        return LiveRegistrar(registration.base_url, connection, options.log)
    except OSError as error:
        raise ConfigError(f"{options.log}: the log cannot be written: {error.strerror}") from None


def build_patient(config_file: "ConfigFile", profile_name: str, options: "RunOptions") -> Patient:
    """Build what `doctor` looks at; a secret that is not there is for it to find.

    Raises:
        tui.config.file.ConfigError: the config is not valid, or not filled in.
    """
    from tui.api.versions import FileVersions
    from tui.config.check import validate, warnings
    from tui.config.file import ConfigError
    from tui.config.placeholders import unfilled
    from tui.config.settings import every, to_facts, to_service_settings
    from tui.paths import cache_dir

    profile = validate(config_file).profiles[profile_name]
    if faults := unfilled(config_file, profile_name):
        raise ConfigError(*faults)
    versions = FileVersions(_place(cache_dir) / "versions.json", profile_name)
    settings = _hurried(to_service_settings(profile_name, profile, config_file.variables))
    service = _service(settings, options, versions=versions)
    return _patient(
        to_facts(profile_name, profile, read_only=options.read_only),
        settings,
        service,
        every(profile.refresh),
        (*warnings(config_file, profile_name, profile), *versions.troubles),
    )


def demo_patient(options: "RunOptions") -> Patient:
    """The same on the embedded simulator.

    Raises:
        tui.config.file.ConfigError: the log cannot be written.
    """
    from tui.config.model import Refresh
    from tui.config.settings import every
    from tui.simulator.app import create_app

    settings = _demo_settings()
    service = _service(settings, options, asgi_app=create_app())
    return _patient(demo_facts(options), settings, service, every(Refresh()), embedded=True)


def _patient(
    facts: ProfileFacts,
    settings: "ServiceSettings",
    service: "LiveService",
    intervals: "Mapping[Topic, float]",
    warnings: tuple[str, ...] = (),
    *,
    embedded: bool = False,
) -> Patient:
    from tui.api.probe import LiveProbe

    return Patient(facts, service, LiveProbe(settings, service, embedded), intervals, warnings)


def _hurried(settings: "ServiceSettings") -> "ServiceSettings":
    """No read may hold up the others: who waits for `doctor` wants to know who does not answer."""
    return replace(settings, connection=replace(settings.connection, read_timeout=_DOCTOR_READ))


def demo_core(
    options: "RunOptions",
    clock: "Clock | None" = None,
    app: "Starlette | None" = None,
    facts: ProfileFacts | None = None,
) -> Core:
    """Build everything on the embedded simulator; nothing is written to the user's directories.

    `clock` drives the simulated world as well: a fixed one gives the same screens every time.
    `app` is a simulator that is there already, with a clock of its own; `facts` replace the demo's.
    """
    from tui.config.model import Refresh
    from tui.ops.audit import MemoryTrail
    from tui.ops.deactivated import seen_in_memory
    from tui.ops.drafts import MemoryDrafts

    line = demo_line(options, clock, app)
    trail = MemoryTrail()
    seen = seen_in_memory(trail.records, clock)
    line = replace(line, facts=facts or line.facts, seen=seen)
    return _core(line, Refresh(), trail, MemoryDrafts(), clock, slow=options.slow)


def demo_facts(options: "RunOptions") -> ProfileFacts:
    """What is known of the demo before it is built."""
    locked = options.read_only
    return ProfileFacts(DEMO, Environment.DEVELOPMENT, locked, frozenset(System), sealed=locked)


def demo_line(
    options: "RunOptions", clock: "Clock | None" = None, app: "Starlette | None" = None
) -> Line:
    """Build a service that talks to the embedded simulator in this process.

    Raises:
        tui.config.file.ConfigError: the log cannot be written.
    """
    from tui.ops.deactivated import seen_in_memory
    from tui.simulator.app import create_app

    if app is None:
        app = create_app(clock=clock) if clock else create_app()
    service = _service(_demo_settings(), options, asgi_app=app, clock=clock)
    return Line(demo_facts(options), service, seen=seen_in_memory((), clock))


def _service(
    settings: "ServiceSettings",
    options: "RunOptions",
    *,
    asgi_app: object | None = None,
    versions: "VersionMemory | None" = None,
    clock: "Clock | None" = None,
) -> "LiveService":
    from tui.api.live import build
    from tui.api.transport import Time
    from tui.config.file import ConfigError

    # The server's clock is compared with ours, which a fixed one stands for.
    time = Time(wall=_seconds(clock), elapsed=_seconds(clock)) if clock else None
    try:
        return build(settings, asgi_app=asgi_app, log_file=options.log, versions=versions, time=time)
    except OSError as error:
        raise ConfigError(f"{options.log}: the log cannot be written: {error.strerror}") from None


def _demo_settings() -> "ServiceSettings":
    """The embedded simulator takes logins that everybody knows; the environment carries them."""
    import os

    from tui.api.settings import BearerToken, EnvRef, JtlSettings, ServiceSettings, SuperOfficeSettings
    from tui.simulator import credentials as known

    logins = {"SYNCDECK_DEMO_JTL": known.STATIC_BEARER, "SYNCDECK_DEMO_SUPEROFFICE": known.SO_TOKEN}
    os.environ.update(logins)
    jtl, superoffice = (BearerToken(EnvRef(name)) for name in logins)
    return ServiceSettings(
        DEMO,
        JtlSettings(f"{_DEMO_URL}/erp", jtl, tenant_id=known.TENANT_ID),
        SuperOfficeSettings(f"{_DEMO_URL}/{known.SO_TENANT}", superoffice),
        withheld=frozenset(logins),
    )


def _connect(
    config_file: "ConfigFile", profile_name: str, options: "RunOptions"
) -> "tuple[Line, Config]":
    from tui.api.versions import FileVersions
    from tui.config.check import missing, validate, warnings
    from tui.config.file import ConfigError
    from tui.config.placeholders import unfilled
    from tui.config.settings import to_facts, to_service_settings
    from tui.paths import cache_dir

    config = validate(config_file)
    profile = config.profiles[profile_name]
    faults = (*unfilled(config_file, profile_name), *missing(config_file, profile_name, profile))
    if faults:
        raise ConfigError(*faults)
    versions = FileVersions(_place(cache_dir) / "versions.json", profile_name)
    settings = to_service_settings(profile_name, profile, config_file.variables)
    service = _service(settings, options, versions=versions)
    facts = to_facts(profile_name, profile, read_only=options.read_only)
    found = (
        *warnings(config_file, profile_name, profile),
        *_open_to_others(config_file.path),
        *versions.troubles,
    )
    return Line(facts, service, found, _seen(settings, profile_name)), config


def _seen(settings: "ServiceSettings", profile_name: str) -> "SeenConnections | None":
    """What was seen of the connections at this address, and is kept."""
    from tui.ops.deactivated import seen_in_files
    from tui.paths import state_dir

    if settings.superoffice is None:
        return None
    online = settings.superoffice.online
    address = settings.superoffice.base_url if online is None else online.address
    return seen_in_files(_place(state_dir), profile_name, address)


def _open_to_others(config: "Path") -> "Iterator[str]":
    """What others on this machine may read, each with the command that ends it."""
    from tui.paths import cache_dir, exposed, others_may_read, shown, state_dir

    if others_may_read(config):
        yield f"{shown(config)} can be read by others: chmod 600 {config}"
    for place in (_place(state_dir), _place(cache_dir)):
        if count := exposed(place):
            files = f"{count} file{'' if count == 1 else 's'}"
            yield f"{files} in {shown(place)} can be read by others: chmod -R go= {place}"


def _place(of: "Callable[[], Path]") -> "Path":
    from tui.config.file import ConfigError

    try:
        return of()
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}") from None


def _seconds(clock: "Clock") -> "Callable[[], float]":
    """A clock that somebody drives, in seconds."""
    return lambda: clock().timestamp()


def _core(
    line: Line,
    refresh: "Refresh",
    trail: "AuditTrail",
    drafts: "Drafts",
    given_clock: "Clock | None" = None,
    *,
    slow: bool,
) -> Core:
    from datetime import UTC, datetime

    from tui.config.settings import every
    from tui.domain.elapsed import elapsed
    from tui.ops.conduct import Conduct
    from tui.ops.draft_keeper import DraftKeeper
    from tui.ops.guard import Guard
    from tui.store.connections import ConnectionsBook
    from tui.store.poller import Poller
    from tui.store.snapshot import Topic
    from tui.store.store import Store

    def wall_clock() -> datetime:
        return datetime.now(UTC)

    clock = given_clock or wall_clock
    steady = _seconds(given_clock) if given_clock else elapsed
    intervals = every(refresh, slow=slow)
    polled = {t: s for t, s in intervals.items() if t is not Topic.STATUS or refresh.status is not None}
    guard = Guard(line.service, line.facts, trail, clock=clock)
    store = Store(frozenset(topic for topic in Topic if topic.system not in line.facts.systems))
    return Core(
        facts=line.facts,
        service=line.service,
        store=store,
        poller=Poller(line.service, store, polled, clock=clock, elapsed=steady),
        connections=ConnectionsBook(
            line.service,
            store,
            intervals[Topic.CONNECTIONS],
            clock=clock,
            elapsed=steady,
            seen=line.seen,
        ),
        guard=guard,
        conduct=Conduct(guard),
        trail=trail,
        drafts=DraftKeeper(drafts),
        intervals=intervals,
        elapsed=steady,
        warnings=line.warnings,
    )
