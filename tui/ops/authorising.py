"""Giving a profile's secrets anew while the console runs: from where they come, or typed for this run.

Nothing remote is changed, and nothing is recorded: whatever is said here is said without a value.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.api.errors import ErpError, is_about_credentials
from tui.domain.credentials import CredentialEntry
from tui.domain.systems import System
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from pydantic import SecretStr

    from tui.api.service import ErpService
    from tui.store.poller import Poller
    from tui.store.store import Store


@dataclass(frozen=True, slots=True)
class Authorising:
    """The credentials of one profile at work."""

    service: "ErpService"
    store: "Store"
    poller: "Poller"

    def entries(self) -> tuple[CredentialEntry, ...]:
        """Every secret, as it stands."""
        return self.service.credentials()

    async def read_again(self, entry: CredentialEntry, *, at_terminal: bool = False) -> str:
        """Read the source of a secret now and ask its system; what came of the reading, in a sentence.

        Raises:
            CredentialFailed: it cannot be had; what was known stays.
        """
        changed = await self.service.renew_credential(entry, at_terminal=at_terminal)
        self._ask(entry.system)
        return f"read: {_difference(entry, changed)}"

    def give(self, entry: CredentialEntry, secret: "SecretStr") -> str:
        """Use what was typed until the console ends, and ask the system; a sentence.

        Raises:
            CredentialFailed: it can be no secret.
        """
        self.service.give_credential(entry, secret)
        self._ask(entry.system)
        return f"the {entry.what} that was typed is used until the console ends"

    def failure(self, system: System) -> ErpError | None:
        """Why a system does not take what it is given, as it last said."""
        errors = (self.store.snapshot(topic).error for topic in Topic if topic.system is system)
        return next((error for error in errors if is_about_credentials(error)), None)

    def _ask(self, system: System) -> None:
        """Everything of the system at once; what is asked for on demand, where it was refused."""
        self.poller.refresh(
            *(
                topic
                for topic in Topic
                if topic.system is system
                and (not topic.on_demand or is_about_credentials(self.store.snapshot(topic).error))
            )
        )


def _difference(entry: CredentialEntry, changed: bool) -> str:
    if changed:
        return "another one than before"
    if entry.is_fixed:
        return "the same as before; it cannot change while syncdeck runs, but i takes another one"
    return "the same as before"
