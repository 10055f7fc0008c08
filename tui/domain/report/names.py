"""Texts and names as a report may show them: cleaned, masked, and where asked for without names. Pure.

Anonymous, every target, user and profile gets a label that stays the same through the document. Known
names are replaced in texts as well, and so is what may be a name: addresses, what stands in quotes, long
numbers. What persons wrote freely is left out.
"""

import re
from collections.abc import Iterable

from tui.domain.history.records import LONGEST_TEXT, Subject, SubjectKind
from tui.domain.maintenance.records import name_in_id
from tui.domain.profile import System
from tui.domain.redaction import looks_secret, masked, masked_text
from tui.domain.report.facts import Target
from tui.domain.superoffice.engine import ENGINE_NAME
from tui.domain.text import brief, clean, folded
from tui.domain.writes import FieldChange

LEFT_OUT = "(left out)"
_PART = " · "
_ID = re.compile(r"[0-9a-f-]{1,64}")
_STATE = "State"
"""A field whose values are messages."""
_LEAST = 3
"""Characters of a name that is looked for in texts."""
_PRODUCTS = frozenset({"", ENGINE_NAME, *(system.product for system in System)})
"""Names of engines and systems; a resync of the engine is called by its connection."""
_MAY_BE_NAMES = re.compile(
    r"""[\w.+-]+@[\w.-]+"""  # e-mail
    r"""|\b[a-z][\w+.-]*://\S+|\\\\\S+|(?<![\w.])/(?:[\w.-]+/)+[\w.-]*"""  # addresses and paths
    r"""|\b[a-z][\w-]*:\d{2,5}\b"""  # hosts
    r"""|\b(?:[\w-]+\.)+[a-z]{2,}\b(?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?"""
    r"""|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,}\b"""
    r"""|"[^"]*"|'[^']*'|“[^”]*”|„[^“”]*[“”]|«[^»]*»"""
    r"""|\b\w*\d{5,}\w*\b""",
    re.I,
)
_HARMLESS = re.compile(r"(?:\d+(?:[.,:]\d+)*\s?[a-z%]{0,3}(?:\s\d+[a-z])*|[a-z]{1,3}|)", re.I)
_BEGUN = re.compile(r"\S+ (?P<verb>begins|goes on): .*?(?P<end> · until [\d :-]+ UTC)?")
_ENDED = re.compile(
    r"\S+(?P<counts>: \d+ (?:stopped|started)(?:, \d+ [a-z ]+)*(?: · closed)?)(?P<why> · .*)?"
)
"""What the history keeps of a maintenance, with its name and its reason."""
_HOST = re.compile(r"://(?:[^/@\s]*@)?([^/?#:@\s]+)")
_STATES = frozenset(
    {"none", "true", "false", "active", "inactive", "running", "stopped", "enabled", "disabled"}
)


class Names:
    """One for each document."""

    def __init__(
        self, profile: str, subjects: Iterable[Subject] = (), *, is_anonymous: bool = False
    ) -> None:
        self.is_anonymous = is_anonymous
        self._profile = clean(profile)
        self._labels: dict[str, str] = {}
        """By the folded name."""
        self._targets: dict[Subject, str] = {}
        self._counts: dict[str, int] = {}
        self._short: set[str] = set()
        """Names that are too short to be looked for in another case."""
        self._known: re.Pattern[str] | None = None
        if is_anonymous:
            for subject in subjects:
                self._label_of(subject)
            self._know(self._profile, "the profile")

    @property
    def profile(self) -> str:
        return "a profile" if self.is_anonymous else self._profile

    def target(self, subject: Subject) -> Target:
        kind, _, rest = subject.name.partition(_PART)
        group = brief(clean(kind)) if rest and subject.kind is SubjectKind.SYNC else ""
        if not self.is_anonymous:
            name = brief(masked_text(clean(subject.name or subject.key)), LONGEST_TEXT)
            return Target(subject.kind, clean(subject.key), name, group)
        label = self._label_of(subject)
        return Target(subject.kind, label, label, group)

    def user(self, name: str) -> str:
        name = brief(clean(name))
        return self._labelled(name, "user") if name and self.is_anonymous else name

    def know_hosts(self, address: str) -> None:
        """The hosts of an address: texts name them without a dot as well."""
        for host in _HOST.findall(address):
            self._know(host, "a server")

    def named(self, name: str) -> str:
        """The name of a target of which no more is known."""
        name = brief(masked_text(clean(name)), LONGEST_TEXT)
        return self._labelled(name, "target") if name and self.is_anonymous else name

    def maintenance(self, id: str, name: str = "") -> str:
        """Its name; anonymous, one label for its name and its id."""
        if not self.is_anonymous:
            return self.named(name or name_in_id(id) or id)
        if folded(id) not in self._labels:
            label = self._know(id, self._next("maintenance"))
            self._know(f"maintenance {name or name_in_id(id)}", label)
        return self._labels[folded(id)]

    def maintenance_id(self, id: str) -> str:
        return self.maintenance(id) if id and self.is_anonymous else self.text(id)

    def maintenance_text(self, text: str, id: str) -> str:
        """What the history keeps of one; anonymous without its reason, which a person wrote."""
        if not self.is_anonymous:
            return self.text(text)
        label = self.maintenance(id or text.partition(" ")[0].rstrip(":"))
        if begun := _BEGUN.fullmatch(text):
            return f"{label} {begun['verb']}{begun['end'] or ''}"
        if ended := _ENDED.fullmatch(text):
            return self.text(f"{label}{ended['counts']}{ended['why'] or ''}")
        return f"{label}: {LEFT_OUT}"

    def id(self, id: str) -> str:
        """Of the audit trail: random, so it names nobody."""
        return id if _ID.fullmatch(id) else self.text(id)

    def note(self, text: str) -> str:
        return LEFT_OUT if self.is_anonymous else self.text(text)

    def text(self, text: str) -> str:
        """A message as the history keeps them: masked once more, for a file may be anybody's."""
        text = masked_text(brief(clean(text), 3 * LONGEST_TEXT))
        if self.is_anonymous:
            text = self._without_names(text)
        return brief(text, LONGEST_TEXT)

    def change(self, field: str, before: str, after: str) -> FieldChange:
        if looks_secret(field):
            before, after = masked(before) or "", masked(after) or ""
        shown = self.text if field == _STATE else self._value
        return FieldChange(self.text(field), shown(before), shown(after))

    def _value(self, value: str) -> str:
        if not self.is_anonymous:
            return self.text(value)
        is_plain = _HARMLESS.fullmatch(value) or value.casefold() in _STATES
        return value if is_plain else LEFT_OUT

    def _without_names(self, text: str) -> str:
        if self._known is None:
            longest_first = sorted(self._labels, key=len, reverse=True)
            looked_for = [re.escape(one) for one in longest_first if len(one) >= _LEAST]
            # Of a short name the case tells it from a word.
            looked_for += [f"(?-i:{re.escape(one)})" for one in sorted(self._short)]
            parts = "|".join(looked_for)
            self._known = re.compile(rf"(?<!\w)(?:{parts})(?!\w)" if parts else r"(?!)", re.I)
        text = self._known.sub(lambda found: self._labels.get(folded(found[0]), LEFT_OUT), text)
        return _MAY_BE_NAMES.sub(LEFT_OUT, text)

    def _label_of(self, subject: Subject) -> str:
        known = self._targets.get(subject)
        if known is not None:
            return known
        kind, _, rest = subject.name.partition(_PART)
        if subject.kind in (SubjectKind.ENGINE, SubjectKind.SYSTEM):
            if subject.name not in _PRODUCTS:
                return self._labelled(clean(subject.name), "target")
            label = subject.name or subject.kind.value
        else:
            group = f"{brief(clean(kind))} " if rest and subject.kind is SubjectKind.SYNC else ""
            label = self._next(f"{group}{subject.kind.value}")
            for one in (subject.name, subject.key, rest):
                self._know(one, label)
        self._targets[subject] = label
        return label

    def _labelled(self, name: str, noun: str) -> str:
        known = self._labels.get(folded(name))
        return known if known is not None else self._know(name, self._next(noun))

    def _know(self, name: str, label: str) -> str:
        self._labels.setdefault(folded(name), label)
        if len(name) < _LEAST and name != name.lower():
            self._short.add(name)
        self._known = None
        return label

    def _next(self, noun: str) -> str:
        self._counts[noun] = self._counts.get(noun, 0) + 1
        return f"{noun} {self._counts[noun]}"
