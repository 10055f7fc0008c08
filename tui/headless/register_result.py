"""After the key is kept: the profile, the scopes that were granted, and whether it works."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.api.errors import ErpError
from tui.config.file import ConfigError, ConfigFile
from tui.domain.registration import not_granted
from tui.headless import exitcodes
from tui.headless.loop import OwnLoop
from tui.headless.output import line
from tui.headless.register_dialogue import Dialogue
from tui.headless.register_words import chosen
from tui.headless.run_results import code_of
from tui.ops.registration import Registration
from tui.paths import shown
from tui.wiring import Line

if TYPE_CHECKING:
    from tui.config.adding import NewProfile

_MOST_NAMES = 40
_LONGEST_NAME = 80
MakeLine = Callable[[ConfigFile, str], Line]


def see_that_it_fits(registration: Registration, path: Path) -> None:
    """See that the config at `path` can take the profile; nothing is written.

    Raises:
        ConfigError: it cannot.
    """
    from tui.config.adding import with_profile

    with_profile(_profile(registration), path)


def tell_profile(dialogue: Dialogue, registration: Registration, path: Path) -> tuple[ConfigFile, int]:
    """Add the profile to the config at `path`, or print its lines; the config to try it with, and the
    exit code."""
    from tui.config.adding import alone, with_profile, write

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
            more = ", a new file with it as the default" if fresh else "; the rest of it is as it was"
            dialogue.tell(f"The profile {registration.profile} stands in {shown(path)}{more}.")
            if "default_profile" not in file.tables:
                dialogue.tell("No default_profile is set there: name a profile with --profile.")
            return file, code
    dialogue.tell(f"Add these lines to {shown(path)}:")
    dialogue.show(f"\n{profile.lines}")
    return alone(profile, path), code


def _profile(registration: Registration) -> "NewProfile":
    from tui.config.adding import NewProfile

    return NewProfile(
        registration.profile,
        registration.environment,
        registration.base_url,
        registration.app_id,
        registration.app_version,
        registration.key_file,
        registration.ca_bundle,
        registration.allow_plain_http,
    )


def _reason(error: ConfigError | OSError) -> str:
    return str(error) if isinstance(error, ConfigError) else str(error.strerror or error)


def tell_scopes(dialogue: Dialogue, registration: Registration, granted: tuple[str, ...] | None) -> int:
    """Compare what was granted with what was asked for; the exit code."""
    if granted is None:
        dialogue.tell("The answer does not tell which scopes were granted.")
        return exitcodes.HEALTHY
    dialogue.tell(f"Granted: {_named(granted)}.")
    lost = not_granted(chosen(registration.scopes), granted)
    for scope in lost:
        dialogue.tell(f"Not granted: {scope.name}. {scope.without}")
    if lost:
        dialogue.tell("Scopes cannot be changed later: to have them, register again.")
    return exitcodes.ATTENTION if lost else exitcodes.HEALTHY


def _named(granted: tuple[str, ...]) -> str:
    """The names as far as a person reads them; a server may send any."""
    told = [line(name)[:_LONGEST_NAME] for name in granted[:_MOST_NAMES]]
    more = len(granted) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "") or "no scope"


def try_out(
    dialogue: Dialogue, loop: OwnLoop, make_line: MakeLine, file: ConfigFile, profile: str
) -> int:
    """Ask for what is needed first with the new profile, and tell whether it came; the exit code."""
    try:
        line_of = make_line(file, profile)
    except ConfigError as error:
        dialogue.complain(f"the profile cannot be used: {error}")
        return exitcodes.UNUSABLE
    found, number = loop.run(_asked(line_of))
    if number:
        return 128 + number
    if isinstance(found, ErpError):
        step = f". {line(found.next_step)}" if found.next_step else ""
        dialogue.complain(f"the first question with the new key failed: {line(found.sentence)}{step}")
        return code_of(found)
    dialogue.tell(f"It works: {found or 'no'} worker sync{'' if found == 1 else 's'} can be read.")
    return exitcodes.HEALTHY


async def _asked(profile: Line) -> int | ErpError:
    """How many syncs the new key may list, or why none."""
    try:
        return len(await profile.service.workers())
    except ErpError as error:
        return error
    finally:
        await profile.service.aclose()
