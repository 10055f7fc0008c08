"""The composition root: builds everything that a profile needs.

The only module that may import everything, but only inside its functions: importing it loads nothing.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.domain.profile import Environment, ProfileFacts, System
from tui.parts_wiring import core_of, forbid_plugins, open_to_others, service_of, usable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tui.api.registrar import Registrar
    from tui.api.settings import ServiceSettings
    from tui.config.file import ConfigFile
    from tui.config.model import Config
    from tui.core import Core, ServiceHandle
    from tui.headless.doctor.target import DoctorTarget
    from tui.launch import RunOptions
    from tui.ops.pending_registration import Registration
    from tui.simulator.app import App
    from tui.store.connection_sightings import SeenConnections

    Clock = Callable[[], datetime]

DEMO = "demo"
_DEMO_URL = "http://demo.localhost"
_DOCTOR_READ = 5.0
"""Seconds that a read may take in `doctor`, its retries included."""


def build_core(config_file: "ConfigFile", profile_name: str, options: "RunOptions") -> "Core":
    """Build everything for one profile of a config; sends nothing yet.

    Raises tui.config.file.ConfigError: the config is invalid, or refers to something that is missing.
    """
    forbid_plugins()
    from tui.config.to_settings import to_history_settings
    from tui.history_wiring import kept_history
    from tui.ops.audit.file_trail import FileTrail
    from tui.ops.drafts.file_drafts import FileDrafts
    from tui.ops.maintenance.journals import journals_of
    from tui.ops.server_binding import system_of
    from tui.paths import state_dir, trail_path

    handle, config = _connect(config_file, profile_name, options)
    trail = FileTrail(usable(lambda: trail_path(profile_name)))
    drafts = FileDrafts(
        usable(state_dir) / "drafts" / profile_name,
        lambda operation: handle.facts.address_of(system_of(operation)),
    )
    handle = replace(handle, warnings=(*handle.warnings, *drafts.troubles))
    refresh = config.profiles[profile_name].refresh
    core = core_of(handle, refresh, trail, drafts, slow=options.slow)
    return replace(
        core,
        late_history=kept_history(core, to_history_settings(config, profile_name)),
        maintenances=journals_of(profile_name),
    )


def build_service(
    config_file: "ConfigFile", profile_name: str, options: "RunOptions"
) -> "ServiceHandle":
    """Build the service of one profile; sends nothing yet.

    Raises tui.config.file.ConfigError: as `build_core`.
    """
    from tui.history_access import lasting_of
    from tui.ops.maintenance.covered import covered_of

    handle = _connect(config_file, profile_name, options)[0]
    lasting = lasting_of(config_file, profile_name)
    return replace(handle, lasting=lasting, covered=lambda: covered_of(profile_name, handle.facts))


def build_registrar(registration: "Registration", options: "RunOptions") -> "Registrar":
    """Build a registrar for the server of `registration`; sends nothing yet.

    Raises tui.config.file.ConfigError: the log cannot be written.
    """
    from tui.api.jtl.http_registrar import LiveRegistrar
    from tui.api.settings import ConnectionSettings
    from tui.config.file import ConfigError

    connection = ConnectionSettings(ca_bundle=registration.ca_bundle)
    try:
        return LiveRegistrar(
            registration.base_url, connection, options.log, api_version=registration.api_version
        )
    except OSError as error:
        raise ConfigError(f"{options.log}: the log cannot be written: {error.strerror}") from None


def build_doctor_target(
    config_file: "ConfigFile", profile_name: str, options: "RunOptions"
) -> "DoctorTarget":
    """Build what `doctor` checks; a missing secret is a finding of `doctor`, not an error here.

    Raises tui.config.file.ConfigError: the config is invalid, or still has placeholders.
    """
    forbid_plugins()
    from tui.api.diagnostics.probe import Probe
    from tui.api.jtl.version_memory import FileVersions
    from tui.config.file import ConfigError
    from tui.config.placeholders import unfilled
    from tui.config.to_settings import every, to_facts, to_service_settings
    from tui.config.validation import validate, warnings
    from tui.headless.doctor.target import DoctorTarget
    from tui.history_access import recorded
    from tui.paths import cache_dir

    profile = validate(config_file).profiles[profile_name]
    if faults := unfilled(config_file, profile_name):
        raise ConfigError(*faults)
    versions = FileVersions(usable(cache_dir) / "versions.json", profile_name)
    settings = _hurried(to_service_settings(profile, config_file.variables))
    service = service_of(settings, options, versions=versions)
    return DoctorTarget(
        to_facts(profile_name, profile, read_only=options.read_only),
        service,
        Probe(settings, service),
        every(profile.refresh),
        (*warnings(config_file, profile_name, profile), *versions.troubles),
        recorded(config_file, profile_name),
    )


def demo_doctor_target(options: "RunOptions") -> "DoctorTarget":
    """The same on the embedded simulator.

    Raises tui.config.file.ConfigError: the log cannot be written.
    """
    from tui.api.diagnostics.probe import Probe
    from tui.config.model import Refresh
    from tui.config.to_settings import every
    from tui.headless.doctor.target import DoctorTarget
    from tui.simulator.app import create_app

    settings = _demo_settings()
    service = service_of(settings, options, asgi_app=create_app())
    probe = Probe(settings, service, embedded=True)
    return DoctorTarget(demo_facts(options), service, probe, every(Refresh()))


def _hurried(settings: "ServiceSettings") -> "ServiceSettings":
    """Shorter read timeout for `doctor`: a hanging endpoint must not delay the report."""
    return replace(settings, connection=replace(settings.connection, read_timeout=_DOCTOR_READ))


def demo_core(
    options: "RunOptions",
    clock: "Clock | None" = None,
    app: "App | None" = None,
    facts: ProfileFacts | None = None,
) -> "Core":
    """Build everything on the embedded simulator; writes nothing to the user's directories.

    `clock` also drives the simulated world: a fixed one gives the same screens every time. `app` is an
    existing simulator with a clock of its own; `facts` replace the demo's.
    """
    forbid_plugins()
    from tui.config.model import Refresh
    from tui.history_wiring import demo_history
    from tui.ops.audit.deactivations import seen_in_memory
    from tui.ops.audit.file_trail import MemoryTrail
    from tui.ops.drafts.draft import MemoryDrafts
    from tui.ops.maintenance.journals import MemoryJournals
    from tui.simulator.app import create_app

    if app is None:
        app = create_app(clock=clock) if clock else create_app()
    handle = demo_service(options, clock, app)
    trail = MemoryTrail()
    seen = seen_in_memory(trail.records, clock)
    handle = replace(handle, facts=facts or handle.facts, seen=seen)
    core = core_of(handle, Refresh(), trail, MemoryDrafts(), clock, slow=options.slow)
    return replace(core, late_history=demo_history(core, clock, app), maintenances=MemoryJournals())


def demo_facts(options: "RunOptions") -> ProfileFacts:
    """The demo's facts, before it is built."""
    locked = options.read_only
    return ProfileFacts(DEMO, Environment.DEVELOPMENT, locked, frozenset(System), sealed=locked)


def demo_service(
    options: "RunOptions", clock: "Clock | None" = None, app: "App | None" = None
) -> "ServiceHandle":
    """Build a service that talks to the embedded simulator in this process.

    Raises tui.config.file.ConfigError: the log cannot be written.
    """
    forbid_plugins()
    from tui.core import ServiceHandle
    from tui.ops.audit.deactivations import seen_in_memory
    from tui.simulator.app import create_app

    if app is None:
        app = create_app(clock=clock) if clock else create_app()
    service = service_of(_demo_settings(), options, asgi_app=app, clock=clock)
    return ServiceHandle(demo_facts(options), service, seen=seen_in_memory((), clock))


def _demo_settings() -> "ServiceSettings":
    """The embedded simulator accepts well-known logins; the environment carries them."""
    import os

    from tui.api.settings import BearerToken, EnvRef, JtlSettings, ServiceSettings, SuperOfficeSettings
    from tui.simulator import credentials as known

    logins = {"SYNCDECK_DEMO_JTL": known.STATIC_BEARER, "SYNCDECK_DEMO_SUPEROFFICE": known.SO_TOKEN}
    os.environ.update(logins)
    jtl, superoffice = (BearerToken(EnvRef(name)) for name in logins)
    return ServiceSettings(
        JtlSettings(f"{_DEMO_URL}/erp", auth=jtl, tenant_id=known.TENANT_ID),
        SuperOfficeSettings(f"{_DEMO_URL}/{known.SO_TENANT}", auth=superoffice),
        hidden=frozenset(logins),
    )


def _connect(
    config_file: "ConfigFile", profile_name: str, options: "RunOptions"
) -> "tuple[ServiceHandle, Config]":
    forbid_plugins()
    from tui.api.jtl.version_memory import FileVersions
    from tui.config.file import ConfigError
    from tui.config.placeholders import unfilled
    from tui.config.to_settings import to_facts, to_service_settings
    from tui.config.validation import missing, validate, warnings
    from tui.core import ServiceHandle
    from tui.paths import cache_dir

    config = validate(config_file)
    profile = config.profiles[profile_name]
    faults = (*unfilled(config_file, profile_name), *missing(config_file, profile_name, profile))
    if faults:
        raise ConfigError(*faults)
    versions = FileVersions(usable(cache_dir) / "versions.json", profile_name)
    settings = to_service_settings(profile, config_file.variables)
    service = service_of(settings, options, versions=versions)
    facts = to_facts(profile_name, profile, read_only=options.read_only)
    found = (
        *warnings(config_file, profile_name, profile),
        *open_to_others(config_file.path),
        *versions.troubles,
    )
    handle = ServiceHandle(facts, service, found, _seen(settings, profile_name))
    if config.runbook:
        from tui.config.runbooks import to_runbooks

        handle = replace(handle, runbooks=to_runbooks(config))
    return handle, config


def _seen(settings: "ServiceSettings", profile_name: str) -> "SeenConnections | None":
    """The stored sightings of the connections at this address."""
    from tui.ops.audit.deactivations import seen_in_files
    from tui.paths import state_dir

    if settings.superoffice is None:
        return None
    return seen_in_files(usable(state_dir), profile_name, settings.superoffice.address)
