"""Which recorded subjects a TARGET on the command line means. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from tui.domain.history.records import Subject
from tui.domain.text import cited, folded
from tui.ops.operations.names import listed, nearest

_PART = " · "
_NONE: Mapping[Subject, Iterable[str]] = MappingProxyType({})


class UnknownTarget(ValueError):
    """Nothing recorded is called so; the message is a sentence."""


def meant(
    words: Sequence[str], known: Iterable[Subject], former: Mapping[Subject, Iterable[str]] = _NONE
) -> tuple[Subject, ...]:
    """The subjects with that identifier or name; of `Temu · Temu DE` also with that part. A name that
    several have means all of them; a `former` one counts where none has it now.

    Raises UnknownTarget: for the first word that means none.
    """
    subjects = tuple(known)
    found: dict[Subject, None] = {}
    for word in words:
        wanted = folded(word)
        hits = [one for one in subjects if wanted in _called(one)]
        if not hits:
            hits = [
                one
                for one in subjects
                if any(wanted in _called(replace(one, name=name)) for name in former.get(one, ()))
            ]
        if not hits:
            names = sorted({one.name or one.key for one in subjects})
            near = nearest(word, names)
            hint = f": {listed(near)}" if near else "; `syncdeck history` lists what changed"
            raise UnknownTarget(f"there is no record of {cited(word)}{hint}")
        found |= dict.fromkeys(hits)
    return tuple(found)


def _called(subject: Subject) -> frozenset[str]:
    parts = (subject.key, subject.name, *subject.name.split(_PART))
    return frozenset(folded(part) for part in parts if part)
