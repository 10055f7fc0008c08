"""Settings as text, and the resolution of their names.

Only names are resolved here; values are read by `propose`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from tui.domain.jtl import worker_options as options
from tui.domain.jtl.workers import WorkerOption
from tui.domain.text import cited
from tui.frozen import frozen
from tui.ops.operations.names import nearest
from tui.ops.refusal import Refusal

Given: TypeAlias = Sequence[tuple[str, str]]
"""(name, text) as written, in this order."""
ANY_OPTION = "OPTION"
"""Stands for all options of a sync."""
EVERYTHING = "everything"


@frozen
class Setting:
    name: str
    help: str
    example: str
    """Example, such as `interval=10m`."""
    required: bool = False
    values: tuple[str, ...] = ()
    """All valid values, or the words allowed besides free text; empty: any text."""
    also: tuple[str, ...] = ()
    """Other names."""
    option: str | None = None
    """The identifier of an option that only some syncs have."""

    @property
    def key(self) -> str:
        """The key of its text after reading."""
        return self.name if self.option is None else f"option {self.option}"


def of_option(option: WorkerOption) -> Setting:
    name = option.name or option.id
    values = ("true", "false") if options.is_bool(option) else ()
    return Setting(
        name, option.description, f"{quoted(name)}=…", values=values, also=(option.id,), option=option.id
    )


def quoted(text: str) -> str:
    """As written on the command line of the console."""
    return f'"{text}"' if any(character.isspace() or character == "=" for character in text) else text


def read(given: Given, offered: Sequence[Setting]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Every text by the key of its setting, and all errors of the names."""
    texts: dict[str, str] = {}
    wrong: list[str] = []
    for name, text in given:
        setting = find_setting(name, offered)
        if isinstance(setting, Refusal):
            wrong.append(setting.sentence)
        elif setting.key in texts:
            wrong.append(f"{setting.name} is given twice")
        else:
            texts[setting.key] = text
    named = {setting.name for setting in offered if setting.key in texts}
    missing = [setting for setting in offered if setting.required and setting.name not in named]
    needed = (f"{setting.name} is missing: write {setting.example}" for setting in missing)
    return texts, (*wrong, *needed)


def find_setting(name: str, offered: Sequence[Setting]) -> Setting | Refusal:
    """The setting of that name, case-insensitive, or why there is none.

    A general setting takes precedence over an option of the same name, an identifier over a name.
    """
    fixed = [setting for setting in offered if setting.option is None]
    of_options = [setting for setting in offered if setting.option is not None]
    wanted = name.strip().casefold()
    for found in (
        [one for one in fixed if _bare(wanted) in map(_bare, (one.name, *one.also))],
        [one for one in of_options if wanted in (also.casefold() for also in one.also)],
        [one for one in of_options if wanted == one.name.strip().casefold()],
    ):
        if len(found) > 1:
            ids = " or ".join(one.option or one.name for one in found)
            return Refusal(f"{name} is the name of {len(found)} options: write {ids}")
        if found:
            return found[0]
    return Refusal(_unknown(name, offered))


def _bare(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")


def _unknown(name: str, offered: Sequence[Setting]) -> str:
    if not offered:
        return f"{name}: this operation has no settings"
    near = nearest(name, [setting.name for setting in offered])
    hint = f": did you mean {near[0]}?" if near else ""
    return f"there is no setting {cited(name)}{hint} (there is {', '.join(_called(offered))})"


def _called(offered: Iterable[Setting]) -> Iterable[str]:
    for one in offered:
        alone = one.option is None or one.option == one.name
        yield one.name if alone else f"{one.name} ({one.option})"
