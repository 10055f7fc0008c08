"""Makes what a command needs of one profile, of several, or of the demo; the config is read then."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui.cli.console_arguments import Arguments, options_of
from tui.config.file import ConfigError, ConfigFile, choose, profile_names, read, systems_of
from tui.launch import RunOptions

if TYPE_CHECKING:
    from tui.headless.history.recorded import Recorded
    from tui.headless.profile_access import ProfileMaker

T = TypeVar("T")


def maker(
    args: Arguments,
    path: Path,
    demo: Callable[[RunOptions], T],
    build: Callable[[ConfigFile, str, RunOptions], T],
    *,
    is_alone: bool = False,
) -> Callable[[], T]:
    """Makes something on the demo or on the profile; `is_alone`: whatever is wrong with the others."""

    def make() -> T:
        options = options_of(args)
        if args.demo:
            return demo(options)
        file = read(path)
        name = choose(file, args.profile)
        return build(file.alone(name) if is_alone else file, name, options)

    return make


def makers_of(
    args: Arguments,
    path: Path,
    demo: Callable[[RunOptions], T],
    build: Callable[[ConfigFile, str, RunOptions], T],
) -> "list[ProfileMaker[T]]":
    """Each profile by itself: what is wrong in the table of another one hinders none.

    Raises: ConfigError: there is none, or both --all and --profile are given.
    """
    from tui.domain.profile import System
    from tui.headless.profile_access import ProfileMaker

    options = options_of(args)
    if args.demo:
        from tui.wiring import DEMO

        return [ProfileMaker(DEMO, lambda: demo(options), frozenset(System))]
    file = read(path)
    return [
        ProfileMaker(name, partial(_built, build, file, name, options), systems_of(file, name))
        for name in names_of(args, file)
    ]


def _built(
    build: Callable[[ConfigFile, str, RunOptions], T], file: ConfigFile, name: str, options: RunOptions
) -> T:
    return build(file.alone(name), choose(file, name), options)


def names_of(args: Arguments, file: ConfigFile) -> list[str]:
    """The profiles that a command with a repeatable --profile is about.

    Raises: ConfigError: as `makers_of`.
    """
    if not args.all:
        return list(dict.fromkeys(args.profiles)) or [choose(file, args.profile)]
    if args.profiles:
        raise ConfigError(f"{args.command}: --all means every profile: leave --profile out")
    return list(profile_names(file)) or [choose(file, None)]


def demo_recorded(options: RunOptions) -> "Recorded":
    """The demo's own past."""
    from tui.headless.history.recorded import Recorded
    from tui.history.memory import MemoryHistory
    from tui.wiring import DEMO, demo_core

    history = demo_core(options).history
    return Recorded(DEMO, history.reader if history is not None else MemoryHistory())
