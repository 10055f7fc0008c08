"""What can be set for each write, declared once: `run --set`, `:`, completion and help read this.

Pure: names in, canonical names out; what a value means is `propose`'s matter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from tui.domain import options
from tui.domain.extensions import ExtensionStatus
from tui.domain.resync_wish import ACTOR_TYPES
from tui.domain.text import cited
from tui.domain.workers import Worker, WorkerOption
from tui.ops.names import nearest
from tui.ops.operation import Operation
from tui.ops.targets import Target

Given: TypeAlias = Sequence[tuple[str, str]]
"""(name, text) as they were written, in this order."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set."""

    name: str
    help: str
    """One sentence."""
    example: str
    """As it is written, such as `interval=10m`."""
    required: bool = False
    values: tuple[str, ...] = ()
    """All that it takes, or the words beside what is free; empty: anything."""
    also: tuple[str, ...] = ()
    """Other names that it goes by."""
    option: str | None = None
    """The option's identifier, of one that only some syncs have."""

    @property
    def key(self) -> str:
        """What its text is found by once it was read."""
        return self.name if self.option is None else f"option {self.option}"


_STATUS = tuple(status.word for status in ExtensionStatus)
_VERSION = Setting("version", "The extension's version.", "version=1.4.0")
_HASH = Setting(
    "manifest_hash", "SHA-512 of the manifest, in hexadecimal.", "manifest_hash=9b71d2…", also=("hash",)
)
EVERYTHING = "everything"

RESYNC_SETTINGS = (
    Setting(
        "keys",
        "ErpInternalKey ids, not company ids, or the word everything; @FILE or - (standard input) has"
        " one on each line.",
        "keys=670,47,100-120",
        values=(EVERYTHING,),
    ),
    Setting(
        "external",
        "Keys of the ERP itself, in the place of keys; @FILE or - has one on each line.",
        "external=A1,A2",
    ),
    Setting(
        "file",
        "A file with one key on each line, in the place of keys or external.",
        "file=keys.txt",
    ),
    Setting(
        "ranges",
        "true reads ranges and lists, such as 100-120 and 670,47, in a file too; without it such a line"
        " is invalid.",
        "ranges=true",
        values=("true", "false"),
    ),
    Setting(
        "header",
        "What a first line is that looks like a header: skip leaves it out, key sends it; without it,"
        " nothing is sent.",
        "header=skip",
        values=("skip", "key"),
    ),
    Setting(
        "expect_keys",
        "The number of keys: needed, also with --yes, where lines of a file gave more keys than lines.",
        "expect_keys=4963",
    ),
    Setting(
        "actor_type",
        "Of external keys, what they are keys of.",
        "actor_type=Customer",
        values=ACTOR_TYPES,
    ),
    Setting(
        "blanks",
        "keep (as it is without it) leaves what a blank of the source would overwrite; overwrite does"
        " not.",
        "blanks=overwrite",
        values=("keep", "overwrite"),
    ),
    Setting(
        "how",
        "wait for the answer (as it is without it), or queue it as a batch task.",
        "how=batch",
        values=("wait", "batch"),
    ),
    Setting(
        "skip_bad",
        "true leaves lines out that cannot be read; without it they stop everything.",
        "skip_bad=true",
        values=("true", "false"),
    ),
)

SETTINGS: Mapping[str, tuple[Setting, ...]] = MappingProxyType(
    {
        "worker.configure": (
            Setting("interval", "The pause between two runs.", "interval=10m"),
            Setting(
                "OPTION", "An option of the sync, by its name or its identifier.", '"Stock reserve"=7'
            ),
        ),
        "worker.start": (),
        "worker.stop": (),
        "worker.restart": (),
        "extension.create": (
            Setting(_VERSION.name, _VERSION.help, _VERSION.example, required=True),
            Setting(_HASH.name, _HASH.help, _HASH.example, required=True, also=_HASH.also),
        ),
        "extension.update": (
            _VERSION,
            _HASH,
            Setting("status", "disabled, pending or active.", "status=active", values=_STATUS),
        ),
        "extension.toggle": (
            Setting(
                "status",
                "active or disabled; without it, the other one of the two.",
                "status=active",
                values=("active", "disabled"),
            ),
        ),
        "extension.push-manifest": (
            Setting("manifest", "The manifest file.", "manifest=manifest.json", required=True),
            Setting(
                "signature", "The file with its signature.", "signature=manifest.sig", required=True
            ),
        ),
        "extension.delete": (),
        "engine.start": (),
        "engine.stop": (),
        "engine.interval": (
            Setting("interval", "The time between two runs.", "interval=15m", required=True),
        ),
        "engine.sync-all": (),
        "engine.force-sync-all": (),
        "engine.force-resync": RESYNC_SETTINGS,
        "connection.toggle": (
            Setting(
                "active",
                "true or false; without it, the other one of the two.",
                "active=false",
                values=("true", "false"),
            ),
            Setting(
                "expect",
                "active or inactive: the state that it is known to have, where an earlier toggle has no"
                " known result.",
                "expect=inactive",
                values=("active", "inactive"),
            ),
        ),
        "connection.update-fields": (),
        "connection.priorities": (
            Setting(
                "order",
                "The number of every connection, the highest priority first.",
                "order=2,1,3",
                required=True,
            ),
        ),
    }
)
"""By operation id. `OPTION` stands for whatever options a sync has; see `settings_for`."""
ANY_OPTION = "OPTION"


def settings_for(operation: Operation, target: Target | None = None) -> tuple[Setting, ...]:
    """What can be set, with the options that `target` has in the place of `OPTION`."""
    declared = SETTINGS.get(operation.id, ())
    fixed = tuple(setting for setting in declared if setting.name != ANY_OPTION)
    if len(fixed) == len(declared) or not isinstance(target, Worker) or target.sync is None:
        return fixed
    return (*fixed, *map(of_option, target.sync.options))


def of_option(option: WorkerOption) -> Setting:
    """An option of some syncs as a setting."""
    name = option.name or option.id
    values = ("true", "false") if options.is_bool(option) else ()
    return Setting(
        name, option.description, f"{quoted(name)}=…", values=values, also=(option.id,), option=option.id
    )


def quoted(text: str) -> str:
    """As it is written on the command line of the console."""
    return f'"{text}"' if any(character.isspace() or character == "=" for character in text) else text


def read(given: Given, offered: Sequence[Setting]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Every text by the key of its setting, and all that is wrong with the names."""
    texts: dict[str, str] = {}
    wrong: list[str] = []
    for name, text in given:
        setting = find_setting(name, offered)
        if isinstance(setting, str):
            wrong.append(setting)
        elif setting.key in texts:
            wrong.append(f"{setting.name} is given twice")
        else:
            texts[setting.key] = text
    named = {setting.name for setting in offered if setting.key in texts}
    missing = [setting for setting in offered if setting.required and setting.name not in named]
    return texts, (*wrong, *(_missing(setting) for setting in missing))


def _missing(setting: Setting) -> str:
    return f"{setting.name} is missing: write {setting.example}"


def find_setting(name: str, offered: Sequence[Setting]) -> Setting | str:
    """The one setting of that name, whatever its case, or why there is none.

    What every target has goes before an option of the same name, an identifier before a name.
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
            return f"{name} is the name of {len(found)} options: write {ids}"
        if found:
            return found[0]
    return _unknown(name, offered)


def _bare(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "")


def _unknown(name: str, offered: Sequence[Setting]) -> str:
    if not offered:
        return f"{name}: there is nothing to set"
    near = nearest(name, [setting.name for setting in offered])
    hint = f": did you mean {near[0]}?" if near else ""
    return f"there is no setting {cited(name)}{hint} (there is {', '.join(_called(offered))})"


def _called(offered: Iterable[Setting]) -> Iterable[str]:
    for one in offered:
        alone = one.option is None or one.option == one.name
        yield one.name if alone else f"{one.name} ({one.option})"
