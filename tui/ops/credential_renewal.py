"""Re-enters a profile's secrets while the console runs: from their sources, or typed for this run.

Nothing is changed on a server, nothing is recorded, and no sentence contains a secret.
"""

from typing import TYPE_CHECKING

from tui.api.errors import ErpError, is_about_credentials
from tui.domain.credentials import CredentialEntry
from tui.domain.profile import System
from tui.frozen import frozen
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from pydantic import SecretStr

    from tui.api.service import ErpService
    from tui.store.poller import Poller
    from tui.store.store import Store


@frozen
class CredentialRenewal:
    service: "ErpService"
    store: "Store"
    poller: "Poller"

    @property
    def server(self) -> str:
        """What JTL-Wawi reported of itself; empty: nothing."""
        found = self.service.server()
        return f"{System.JTL.product} {found.text}" if found else ""

    def entries(self) -> tuple[CredentialEntry, ...]:
        return self.service.credentials()

    async def read_again(self, entry: CredentialEntry, *, at_terminal: bool = False) -> str:
        """Read the source of a secret again and refresh its system; returns a sentence about the result.

        Raises CredentialFailed: it cannot be read; the old value stays in use.
        """
        changed = await self.service.renew_credential(entry, at_terminal=at_terminal)
        self._refresh(entry.system)
        return f"read: {_difference(entry, changed)}"

    def give(self, entry: CredentialEntry, secret: "SecretStr") -> str:
        """Use a typed secret until the console ends, and refresh its system; returns a sentence.

        Raises CredentialFailed: the text is not a valid secret.
        """
        self.service.give_credential(entry, secret)
        self._refresh(entry.system)
        return f"the typed {entry.what} is used until the console ends"

    def failure(self, system: System) -> ErpError | None:
        """The latest credential error of a system, if any."""
        errors = (self.store.snapshot(topic).error for topic in Topic if topic.system is system)
        return next((error for error in errors if is_about_credentials(error)), None)

    def _refresh(self, system: System) -> None:
        """Refresh all topics of the system; those on demand only after a credential error."""
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
        return "a different one"
    if entry.is_fixed:
        return "the same as before; it cannot change while syncdeck runs; press i to type another one"
    return "the same as before"
