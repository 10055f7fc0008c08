"""Registering syncdeck as an app of JTL-Wawi on-premises: the scopes, the use of each, and what does not
work without it.

Source: jtl PROTOCOL §4.2, §4.3. Granted scopes cannot be changed later; requesting too many has made
registrations fail.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum

from tui.frozen import frozen

LONGEST_CHALLENGE = 30
"""Characters."""


class Decision(IntEnum):
    """The state of a registration request, with the protocol's numbers."""

    PENDING = 0
    REJECTED = 1
    ACCEPTED = 2


@frozen
class Scope:
    name: str
    """Case-sensitive."""
    gives: str
    """Its use, with the keys."""
    without: str
    """What does not work without it, as a sentence."""
    calls: frozenset[str] = frozenset()
    """The single scopes that an area scope includes."""
    mandatory: bool = False
    """The console is useless without it."""

    @property
    def covers(self) -> frozenset[str]:
        """The single scopes that it grants."""
        return self.calls or frozenset({self.name})


_READ_WORKERS = frozenset({"worker.getworkersyncs", "worker.getworkerstatus"})
_WRITE_WORKERS = frozenset({"worker.configuresync", "worker.synccontrol"})
_READ_EXTENSIONS = frozenset({"extensibility.getextensions", "extensibility.getextension"})
_EXTENSIONS = _READ_EXTENSIONS | {
    f"extensibility.{call}"
    for call in ("createextension", "updateextension", "deleteextension", "putextensionmanifest")
}
_ALL = (
    Scope(
        "system.worker.read",
        "1 Workers: list the syncs and their status",
        "The workers cannot be listed: screen 1 stays empty.",
        _READ_WORKERS,
        mandatory=True,
    ),
    Scope(
        "system.worker.write",
        "configure, start, stop and restart a sync (e, s, x, R)",
        "Syncs can be seen, but not configured, started, stopped or restarted (e, s, x, R).",
        _WRITE_WORKERS,
    ),
    Scope(
        "extensibility.integration",
        "2 Extensions: list, create, change and delete them (n, e, t, m, D)",
        "The extensions cannot be listed or changed: screen 2 stays empty.",
        _EXTENSIONS,
    ),
    Scope(
        "all.read",
        "read everything: workers and extensions, change nothing",
        "Neither workers nor extensions can be listed: screens 1 and 2 stay empty.",
        _READ_WORKERS | _READ_EXTENSIONS,
        mandatory=True,
    ),
    Scope(
        "worker.getworkersyncs",
        "1 Workers: list the syncs",
        "The syncs cannot be listed.",
        mandatory=True,
    ),
    Scope(
        "worker.getworkerstatus",
        "1 Workers: the status of the syncs",
        "The syncs are listed without their status.",
        mandatory=True,
    ),
    Scope("worker.configuresync", "configure a sync (e)", "No sync can be configured (e)."),
    Scope(
        "worker.synccontrol",
        "start, stop and restart a sync (s, x, R)",
        "No sync can be started, stopped or restarted (s, x, R).",
    ),
    Scope(
        "extensibility.getextensions",
        "2 Extensions: list them",
        "The extensions cannot be listed: screen 2 stays empty.",
    ),
    Scope(
        "extensibility.getextension",
        "read an extension again before it is changed",
        "An extension cannot be read again before it is changed.",
    ),
    Scope(
        "extensibility.createextension", "create an extension (n)", "No extension can be created (n)."
    ),
    Scope(
        "extensibility.updateextension",
        "change, enable and disable an extension (e, t)",
        "No extension can be changed, enabled or disabled (e, t).",
    ),
    Scope(
        "extensibility.deleteextension", "delete an extension (D)", "No extension can be deleted (D)."
    ),
    Scope("extensibility.putextensionmanifest", "push a manifest (m)", "No manifest can be pushed (m)."),
)
SCOPES = {scope.name: scope for scope in _ALL}
"""Every scope that syncdeck can use, by name."""
USUAL = ("system.worker.read", "system.worker.write", "extensibility.integration")
"""Requested by default."""


def split(scopes: Sequence[Scope]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the mandatory and of the optional scopes.

    If none is mandatory, the first one becomes it: a request without a mandatory scope cannot be refused
    one.
    """
    needed = [scope.name for scope in scopes if scope.mandatory] or [scope.name for scope in scopes[:1]]
    return tuple(needed), tuple(scope.name for scope in scopes if scope.name not in needed)


def not_granted(wanted: Iterable[Scope], granted: Iterable[str]) -> tuple[Scope, ...]:
    """The scopes of `wanted` that `granted` does not fully cover, by their name or by others."""
    given = {name.casefold() for name in granted}
    known = [scope for scope in _ALL if scope.name.casefold() in given]
    had = {call for scope in known for call in scope.covers}
    return tuple(scope for scope in wanted if not scope.covers <= had)


def challenge_fault(code: str) -> str | None:
    """Why `code` cannot be a challenge code, or None."""
    if not code:
        return "a challenge code has at least one character"
    if len(code) > LONGEST_CHALLENGE:
        return f"a challenge code has at most {LONGEST_CHALLENGE} characters, this one has {len(code)}"
    if not all("!" <= char <= "~" for char in code):
        return "use letters, digits and signs without spaces: it is sent in a header"
    return None
