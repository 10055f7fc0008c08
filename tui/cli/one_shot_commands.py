"""From the command line to the lists: of one profile, or with `--all` of every one."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.console_arguments import Arguments, options_of
from tui.cli.makers import demo_recorded
from tui.config.file import ConfigError, ConfigFile, choose, profile_names, read, sketch
from tui.domain.elapsed import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core import ServiceHandle
    from tui.headless.profile_access import ProfileAccess


def run(args: Arguments, path: Path) -> int:
    """Run a list, `status` or `why`; `path` is the config file."""
    from tui.headless import every_profile, one_shot

    profiles = profiles_of(args, path)
    if args.command == "why":
        from tui.headless.why.command import run as explain

        return explain(args.target, profiles[0], utc_now, as_json=args.json, timeout=args.timeout)
    if args.all:
        return every_profile.run(args.command, profiles, as_json=args.json, timeout=args.timeout)
    return one_shot.run(args.command, profiles[0].service, as_json=args.json, timeout=args.timeout)


def profiles_of(args: Arguments, path: Path) -> "Sequence[ProfileAccess]":
    """The profile that a one-shot command is about; with --all every one.

    Raises: ConfigError: there is none, or both --all and --profile are given.
    """
    if args.demo:
        return [_demo(args)]
    file = read(path)
    if not args.all:
        name = choose(file, args.profile)
        # A check is run by a machine: what is wrong in another profile is not its result.
        others = args.command != "check"
        return [_profile(args, file.alone(name), name, of_whole=file if others else None)]
    if args.profile is not None:
        raise ConfigError("--all reads every profile: leave --profile out")
    names = profile_names(file) or [choose(file, None)]
    return [_profile(args, file.alone(name), name) for name in names]


def _profile(
    args: Arguments, file: ConfigFile, name: str, of_whole: ConfigFile | None = None
) -> "ProfileAccess":
    """`of_whole`: the file with all profiles, of which it is warned if they are invalid."""
    from tui.headless.profile_access import ProfileAccess
    from tui.history_access import recorded
    from tui.wiring import build_service

    def service() -> "ServiceHandle":
        handle = build_service(file, choose(file, name), options_of(args))
        if of_whole is None:
            return handle
        from tui.config.validation import invalid_others

        return replace(handle, warnings=(*handle.warnings, *invalid_others(of_whole, name)))

    return ProfileAccess(
        name,
        service,
        lambda: recorded(file, choose(file, name)),
        lambda: sketch(file, name).systems,
    )


def _demo(args: Arguments) -> "ProfileAccess":
    from tui.domain.profile import System
    from tui.headless.profile_access import ProfileAccess
    from tui.wiring import DEMO, demo_service

    options = options_of(args)
    return ProfileAccess(
        DEMO, lambda: demo_service(options), lambda: demo_recorded(options), lambda: frozenset(System)
    )
