"""The login of a system user: a signed token for a ticket, without a human (superoffice PROTOCOL §10).

Invariant: the ticket stays in memory.
The request is documented; the form of its response and a ticket's lifetime are inferred from public
sample code and one page.
"""

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from pydantic import SecretStr

from tui import __version__
from tui.api.auth.authorized_caller import invalid_response
from tui.api.auth.credential import Fetch
from tui.api.auth.issued_token import IssuedToken, Secrets
from tui.api.auth.login_failure import is_refusal
from tui.api.auth.rsa_signing import NoSignature, signature
from tui.api.auth.secret_source import ReferenceSource
from tui.api.error_body import folded, short
from tui.api.errors import CredentialFailed, ErpError
from tui.api.http.request import ApiRequest
from tui.api.http.transport import Answer
from tui.api.settings import SystemUser, describe
from tui.domain.profile import System

TICKET_LIFE = 6 * 3_600.0
"""Seconds without use after which a ticket ends (§10: sliding)."""
_TICKET_CLAIM = "/identity/ticket"


@dataclass(slots=True, kw_only=True)
class TicketSource(IssuedToken):
    """The ticket of a system user; every use extends it."""

    settings: SystemUser
    token: ReferenceSource
    key: ReferenceSource
    app: ReferenceSource
    fetch: Fetch
    now: Callable[[], float]
    """Epoch seconds by the server's clock if known: a signature is valid only briefly."""
    title: ClassVar[str] = "the ticket of the system user"

    @property
    def references(self) -> tuple[ReferenceSource, ...]:
        return (self.token, self.key, self.app)

    async def current(self) -> SecretStr:
        ticket = await IssuedToken.current(self)
        self._good_until = self.monotonic() + TICKET_LIFE - 60
        return ticket

    async def log_in(self, secrets: Secrets) -> tuple[SecretStr, float]:
        token, key, app = secrets
        request = self._request(await self._signed(token, key), app)
        try:
            answer = await self.fetch(request, ())
        except ErpError as failure:
            raise self._as_credential_failure(failure) from None
        return self._ticket(answer, request), TICKET_LIFE

    def blames_secrets(self, failure: ErpError) -> bool:
        return isinstance(failure, CredentialFailed)

    async def _signed(self, token: SecretStr, key: SecretStr) -> SecretStr:
        """`{system user token}.{UTC minute}.{signature}`; signed in a thread, the package loads
        slowly."""
        minute = datetime.fromtimestamp(self.now(), UTC)
        text = f"{token.get_secret_value()}.{minute:%Y%m%d%H%M}"
        try:
            sealed = await asyncio.to_thread(signature, text.encode(), key)
        except NoSignature as problem:
            named = f"{describe(self.settings.private_key)} " if problem.of_key else ""
            raise self._failed(f"{named}{problem}", problem.step) from None
        return SecretStr(f"{text}.{sealed}")

    def _request(self, signed: SecretStr, app: SecretStr) -> ApiRequest:
        body = {
            "SignedSystemToken": signed,
            "ApplicationToken": app,
            "ContextIdentifier": self.settings.context_id,
            "ReturnTokenType": "JWT",
        }
        return ApiRequest(
            System.SUPEROFFICE,
            "POST",
            self.settings.login_url or "",
            (
                ("Accept", "application/json"),
                ("Content-Type", "application/json"),
                ("User-Agent", f"syncdeck/{__version__}"),
            ),
            body,
            repeatable=True,
            login=True,
        )

    def _ticket(self, answer: Answer, request: ApiRequest) -> SecretStr:
        known = folded(answer.tree) if isinstance(answer.tree, Mapping) else {}
        if known.get("issuccessful") is False:
            message = short(str(known.get("errormessage") or "without a reason"))
            raise self._refused(message, answer.status, answer.request_id)
        ticket = ticket_in(known.get("token"))
        if known.get("issuccessful") is not True or ticket is None:
            failure = invalid_response(
                request, answer, "the login of the system user returned no ticket"
            )
            failure.next_step, failure.sent = "Check login_url and any proxy or load balancer", False
            raise failure
        return ticket

    def _as_credential_failure(self, failure: ErpError) -> ErpError:
        """A refusal by the login service, as one of the credential; its other failures under its
        name."""
        if not is_refusal(failure, "the login service", "login_url"):
            return failure
        message = f"{failure.status}: {failure.detail}" if failure.detail else str(failure.status)
        return self._refused(message, failure.status, failure.request_id)

    def _refused(self, message: str, status: int | None, known_id: str) -> CredentialFailed:
        known = self.settings
        refusal = self._failed(
            f"SuperOffice refused the system user of {known.context_id}: {message.rstrip('. ')}",
            f"Check {describe(known.system_user_token)}, {describe(known.private_key)}, app_token,"
            " this machine's clock, and that the app is authorised for the tenant",
        )
        refusal.status, refusal.request_id, refusal.detail = status, known_id, message
        return refusal

    def _failed(self, sentence: str, step: str) -> CredentialFailed:
        return CredentialFailed(
            system=System.SUPEROFFICE,
            method="POST",
            sentence=sentence,
            next_step=step,
            sent=False,
        )


def ticket_in(token: object) -> SecretStr | None:
    """The ticket in the claims of a JWT, or None.

    The signature is not checked: the token comes over TLS from the host that the profile names, and the
    ticket is only sent back to the same vendor.
    """
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    for name, value in claims.items() if isinstance(claims, dict) else ():
        if name.lower().endswith(_TICKET_CLAIM) and isinstance(value, str) and value:
            return SecretStr(value)
    return None
