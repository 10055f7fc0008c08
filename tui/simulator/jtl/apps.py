"""What the on-premises side remembers of apps: who may register, who asked, who is registered.

Source: jtl PROTOCOL §4.2.
"""

from dataclasses import dataclass, field

from tui.frozen import frozen

ACCEPT, REJECT, WAIT = "accept", "reject", "wait"
ANSWERS = (ACCEPT, REJECT, WAIT)
"""What the person in JTL-Wawi does with a request."""


@dataclass(slots=True)
class Asked:
    """A registration request that somebody in JTL-Wawi has to answer."""

    id: str
    app_id: str
    version: str
    challenge: str
    scopes: tuple[str, ...]
    polls: int = 0
    answered: bool = False
    """Its answer was fetched: it is never told again."""


@frozen
class App:
    app_id: str
    version: str
    scopes: frozenset[str]


@dataclass(slots=True)
class Apps:
    """The registration window, the requests, and the apps by their keys."""

    window_open: bool = True
    licensed: bool = True
    answer: str = ACCEPT
    pending_polls: int = 1
    """How many polls are told that nobody has answered yet."""
    withheld: frozenset[str] = frozenset()
    """Scopes that are not granted even if they are asked for."""
    asked: dict[str, Asked] = field(default_factory=dict)
    by_key: dict[str, App] = field(default_factory=dict)

    def knows(self, app_id: str) -> bool:
        return any(app.app_id == app_id for app in self.by_key.values())
