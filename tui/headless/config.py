"""`config path|show|validate|init`. Validation checks every profile unless one is named."""

from pathlib import Path

from tui.config.file import ConfigError, choose, read
from tui.headless.exit_codes import HEALTHY
from tui.headless.output import refuse


def run(action: str, path: Path, profile: str | None) -> int:
    """Raises ConfigError: the file cannot be used."""
    match action:
        case "path":
            print(path)
            return HEALTHY
        case "init":
            return _init(path)
        case "show":
            return _show(path, profile)
        case _:
            return _validate(path, profile)


def _init(path: Path) -> int:
    from tui.config.template import TEMPLATE
    from tui.paths import create_private, reason_of, shown

    try:
        create_private(path, TEMPLATE)
    except FileExistsError:
        return refuse(f"{shown(path)} exists already and was not changed")
    except OSError as error:
        return refuse(f"{shown(path)} cannot be written: {reason_of(error)}")
    print(f"wrote {shown(path)}; fill it in, then `syncdeck config validate`")
    return HEALTHY


def _show(path: Path, profile: str | None) -> int:
    from tui.config.effective_config import as_toml
    from tui.config.validation import validate

    file = read(path)
    only = None if profile is None else choose(file, profile)
    print(as_toml(validate(file), only), end="")
    return HEALTHY


def _validate(path: Path, profile: str | None) -> int:
    from tui.config.placeholders import unfilled
    from tui.config.validation import missing, validate, warnings
    from tui.paths import cache_dir
    from tui.startup.last_screen import LastStates

    file = read(path)
    config = validate(file)
    names = tuple(config.profiles) if profile is None else (choose(file, profile),)
    faults = [
        text
        for name in names
        for text in (*unfilled(file, name), *missing(file, name, config.profiles[name]))
    ]
    if faults:
        raise ConfigError(*faults)
    seen = LastStates(str(cache_dir() / "last"), str(path))
    for name in names:
        for warning in warnings(file, name, config.profiles[name], seen.syncs(name)):
            print(f"warning: {warning}")
    print("ok")
    return HEALTHY
