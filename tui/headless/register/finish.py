"""The steps after the key is stored: the profile, the granted scopes, and a first call."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.api.errors import ErpError
from tui.config.file import ConfigError, ConfigFile
from tui.core import ServiceHandle
from tui.domain.jtl.registration import not_granted
from tui.headless import exit_codes as exitcodes
from tui.headless.deadline import asked
from tui.headless.event_loop import OwnLoop
from tui.headless.output import line
from tui.headless.register.prompts import Dialogue
from tui.headless.register.texts import chosen
from tui.headless.run.results import code_of
from tui.ops.pending_registration import Registration
from tui.paths import shown

if TYPE_CHECKING:
    from tui.config.add_profile import NewProfile

_MOST_NAMES = 40
_LONGEST_NAME = 80
MakeService = Callable[[ConfigFile, str], ServiceHandle]


def see_that_it_fits(registration: Registration, path: Path) -> None:
    """Check that the config at `path` can hold the profile; writes nothing.

    Raises ConfigError: it cannot.
    """
    from tui.config.add_profile import with_profile

    with_profile(_profile(registration), path)


def tell_profile(dialogue: Dialogue, registration: Registration, path: Path) -> tuple[ConfigFile, int]:
    """Add the profile to the config at `path`, or print its lines; returns the config for the first
    call, and the exit code."""
    from tui.config.add_profile import alone, with_profile, write

    profile = _profile(registration)
    code = exitcodes.HEALTHY
    if registration.add:
        try:
            fresh = not path.exists()
            file = with_profile(profile, path)
            write(file)
        except (ConfigError, OSError) as error:
            dialogue.complain(f"the profile was not added: {_reason(error)}")
            code = exitcodes.UNUSABLE
        else:
            more = (
                ", a new file with it as the default" if fresh else "; the rest of the file is unchanged"
            )
            dialogue.tell(f"The profile {registration.profile} is in {shown(path)}{more}.")
            if "default_profile" not in file.tables:
                dialogue.tell("No default_profile is set there: name a profile with --profile.")
            return file, code
    dialogue.tell(f"Add these lines to {shown(path)}:")
    dialogue.show(f"\n{profile.lines}")
    return alone(profile, path), code


def _profile(registration: Registration) -> "NewProfile":
    from tui.config.add_profile import NewProfile

    return NewProfile(
        registration.profile,
        registration.environment,
        registration.base_url,
        registration.app_id,
        registration.app_version,
        registration.key_file,
        registration.ca_bundle,
        registration.allow_plain_http,
        registration.api_version,
    )


def _reason(error: ConfigError | OSError) -> str:
    return str(error) if isinstance(error, ConfigError) else str(error.strerror or error)


def tell_scopes(dialogue: Dialogue, registration: Registration, granted: tuple[str, ...] | None) -> int:
    """Compare granted with requested scopes; returns the exit code."""
    if granted is None:
        dialogue.tell("The response does not list the granted scopes.")
        return exitcodes.HEALTHY
    dialogue.tell(f"Granted: {_named(granted)}.")
    lost = not_granted(chosen(registration.scopes), granted)
    for scope in lost:
        dialogue.tell(f"Not granted: {scope.name}. {scope.without}")
    if lost:
        dialogue.tell("Scopes cannot be changed later: register again to get them.")
    return exitcodes.ATTENTION if lost else exitcodes.HEALTHY


def _named(granted: tuple[str, ...]) -> str:
    """The names, shortened to what a person reads; a server may send any number."""
    names = [line(name)[:_LONGEST_NAME] for name in granted[:_MOST_NAMES]]
    more = len(granted) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "") or "no scope"


def try_out(
    dialogue: Dialogue, loop: OwnLoop, make_service: MakeService, file: ConfigFile, profile: str
) -> int:
    """Make the first call with the new profile, and report the result; returns the exit code."""
    try:
        line_of = make_service(file, profile)
    except ConfigError as error:
        dialogue.complain(f"the profile is not usable: {error}")
        return exitcodes.UNUSABLE
    found, number = loop.run(_asked(line_of))
    if number:
        return 128 + number
    if isinstance(found, ErpError):
        step = f". {line(found.next_step)}" if found.next_step else ""
        dialogue.complain(f"the first call with the new key failed: {line(found.sentence)}{step}")
        return code_of(found)
    dialogue.tell(f"It works: {found or 'no'} worker sync{'' if found == 1 else 's'} can be read.")
    return exitcodes.HEALTHY


async def _asked(profile: ServiceHandle) -> int | ErpError:
    """The number of syncs that the new key can list, or why it cannot."""
    try:
        return len(await asked(profile.service.jtl.workers(), profile.service, None))
    except ErpError as error:
        return error
