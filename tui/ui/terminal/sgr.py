"""How text is drawn: colours, attributes, link; and the shortest sequence from one pen to another."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_OFF = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29",
    "21": "24", "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""Attribute → the code that ends it."""
_SHARED = {"22": {"1", "2"}, "24": {"4", "21"}, "25": {"5", "6"}, "54": {"51", "52"}}
"""The attributes that a code ends, where there are several."""
_FILLED = {"4", "7", "9", "21", "51", "52", "53"}
"""Attributes that show on a blank."""


class Pen(NamedTuple):
    """A style of drawing; codes as in SGR."""

    foreground: str = ""
    background: str = ""
    attributes: frozenset[str] = frozenset()
    link: str = ""
    """`parameters;address` of a hyperlink, or empty."""

    def erasable(self, *, in_colour: bool) -> bool:
        """Whether an erased cell looks like a blank drawn by this pen."""
        return self._is_bare and (in_colour or not self.background)

    def draws_blank_of(self, other: "Pen") -> bool:
        """Whether a blank of this pen looks like one of the other: only the background shows."""
        return self == other or (
            self.background == other.background and self._is_bare and other._is_bare
        )

    @property
    def _is_bare(self) -> bool:
        return not self.link and not self.attributes & _FILLED

    def after(self, before: "Pen | None") -> str:
        """The sequence from `before` to this pen; None: the previous pen is unknown."""
        if before == self:
            return ""
        if before is None:
            return f"\x1b]8;;\x1b\\{_whole(self)}{_linked(self, PLAIN)}" if self.link else _whole(self)
        return f"{_between(before._replace(link=''), self._replace(link=''))}{_linked(self, before)}"


PLAIN = Pen()


@lru_cache(4_096)
def pen_of(sgr: str, link: str = "") -> Pen:
    """The pen of the parameters of one SGR sequence, which starts from the plain one."""
    foreground = background = ""
    attributes: set[str] = set()
    codes = iter(sgr.split(";"))
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes, "")
            rest = [next(codes, "") for _ in range(1 if kind == "5" else 3)]
            colour = ";".join((code, kind, *rest))
            foreground, background = (colour, background) if code == "38" else (foreground, colour)
        elif code in ("", "0"):
            foreground = background = ""
            attributes.clear()
        elif code == "39" or code == "49":
            foreground, background = ("", background) if code == "39" else (foreground, "")
        elif _is_colour(code, "3", "9"):
            foreground = code
        elif _is_colour(code, "4", "10"):
            background = code
        else:
            attributes.add(code)
    return Pen(foreground, background, frozenset(attributes), link)


def _is_colour(code: str, normal: str, bright: str) -> bool:
    return any(
        code.startswith(lead) and len(code) == len(lead) + 1 and code[-1] in "01234567"
        for lead in (normal, bright)
    )


def _whole(pen: Pen) -> str:
    codes = [code for code in (pen.foreground, pen.background, *sorted(pen.attributes)) if code]
    return f"\x1b[0;{';'.join(codes)}m" if codes else "\x1b[m"


@lru_cache(4_096)
def _between(before: Pen, after: Pen) -> str:
    if before == after:
        return ""
    codes = list(_codes(before, after))
    ways = [_whole(after), f"\x1b[{';'.join(codes)}m"]
    return min(ways, key=len)


def _codes(before: Pen, after: Pen) -> Iterator[str]:
    ended = {_OFF.get(code, "") for code in before.attributes - after.attributes}
    if "" in ended:
        yield from ("0", *(code for code in (after.foreground, after.background) if code))
        yield from sorted(after.attributes)
        return
    yield from sorted(ended)
    lost = {code for end in ended for code in _SHARED.get(end, ())}
    yield from sorted(code for code in after.attributes if code not in before.attributes or code in lost)
    if before.foreground != after.foreground:
        yield after.foreground or "39"
    if before.background != after.background:
        yield after.background or "49"


def _linked(after: Pen, before: Pen) -> str:
    if after.link == before.link:
        return ""
    return f"\x1b]8;{after.link}\x1b\\" if after.link else "\x1b]8;;\x1b\\"
