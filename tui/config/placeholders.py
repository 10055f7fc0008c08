"""Values of `config init`'s template that are not filled in yet.

The template is the one source: its lines that end in `# fill in: …` contain a placeholder, even if
commented out, and name the right value.
"""

import re
from collections.abc import Iterator, Mapping

from tui.config.effective_config import key_text
from tui.config.file import ConfigFile
from tui.config.template import TEMPLATE
from tui.frozen import frozen

_TABLE = re.compile(r"\[profiles\.\w+\.?([\w.]*)\]")
_LINE = re.compile(r'(?:# )?(\w+) = "([^"]+)" *# fill in: (.+)')
_AROUND = re.compile(r"^\{|\}$|/+$")
_DOTS = re.compile(r"\s*(…|\.{2,})\s*")
"""Written in the template's comments for any value."""
_API = re.compile(r"/api(/v1)?$")


@frozen
class Placeholder:
    """One value of the template that only the config's owner knows."""

    where: tuple[str, ...]
    """Path below `[profiles.X]`."""
    value: str
    wanted: str
    """A name for the right value, for a sentence."""


def placeholders() -> Iterator[Placeholder]:
    """Those of the template, in its order."""
    table: tuple[str, ...] = ()
    for line in TEMPLATE.splitlines():
        if header := _TABLE.match(line):
            table = tuple(filter(None, header[1].split(".")))
        elif found := _LINE.fullmatch(line):
            yield Placeholder((*table, found[1]), found[2], found[3])


def unfilled(file: ConfigFile, name: str) -> tuple[str, ...]:
    """A sentence with file and line for every placeholder value left in profile `name`."""
    known = {one.where: one for one in placeholders()}
    found = []
    for where, value, beside in _texts((), file.profiles.get(name)):
        one = known.get(where)
        # A custom state service, such as the simulator's, has customers of its own.
        is_unchanged = one and _bare(value) == _bare(one.value) and "state_url" not in beside
        if is_unchanged or _DOTS.fullmatch(value):
            key = ".".join(map(key_text, ("profiles", name, *where)))
            wanted = one.wanted if one else "its value"
            sentence = f"{key} is still the template's placeholder: write {wanted}"
            found.append(file.blame(("profiles", name, *where), sentence))
    return tuple(found)


_Text = tuple[tuple[str, ...], str, Mapping[str, object]]
"""The path of a text, the text, and its table."""


def _texts(where: tuple[str, ...], tree: object) -> Iterator[_Text]:
    for key, value in tree.items() if isinstance(tree, Mapping) else ():
        if isinstance(value, str) and isinstance(tree, Mapping):
            yield (*where, key), value, tree
        else:
            yield from _texts((*where, key), value)


def _bare(text: str) -> str:
    """Without differences that do not matter."""
    return _API.sub("", _AROUND.sub("", text.strip().casefold()))
