"""Credentials: from a reference or a token server to the headers of a request, renewed when refused.

Invariant: one renewal at a time (how often: `issued_token`, `secret_source`); a header's value is made
here and wrapped again until the transport writes it.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from pydantic import SecretStr

from tui.api.auth.issued_token import IssuedToken, Secrets
from tui.api.auth.login_failure import is_refusal
from tui.api.auth.secret_source import ReferenceSource, SecretSources
from tui.api.error_body import folded, words_of
from tui.api.errors import BadAnswer, CredentialFailed, ErpError, recast
from tui.api.http.request import ApiRequest, Headers
from tui.api.http.secret_masking import secrets_in_header
from tui.api.http.transport import Answer, SecretHeaders
from tui.api.service import MASK
from tui.api.settings import ClientCredentials, SecretRef, describe
from tui.domain.profile import System
from tui.domain.text import header_safe
from tui.frozen import frozen

_DEFAULT_LIFETIME = 300.0
"""Seconds for which a token without a stated lifetime is used."""

Fetch = Callable[[ApiRequest, SecretHeaders], Awaitable[Answer]]
Source: TypeAlias = ReferenceSource | IssuedToken
"""Yields a secret, and can replace it."""


@dataclass(slots=True, kw_only=True)
class TokenSource(IssuedToken):
    """An OAuth2 client-credentials token, cached and renewed before it ends (jtl PROTOCOL §4.1)."""

    settings: ClientCredentials
    secret: ReferenceSource
    fetch: Fetch
    timeout: float
    """Seconds to wait for a token."""
    title: ClassVar[str] = "the access token"

    @property
    def references(self) -> tuple[ReferenceSource, ...]:
        return (self.secret,)

    async def log_in(self, secrets: Secrets) -> tuple[SecretStr, float]:
        request, (secret,) = self._request(), secrets
        try:
            answer = await self.fetch(
                request, (("Authorization", _basic(self.settings.client_id, secret)),)
            )
        except ErpError as failure:
            raise _as_credential_failure(failure, self.settings) from None
        return _token_in(answer, request)

    def blames_secrets(self, failure: ErpError) -> bool:
        return failure.status in (400, 401, 403)

    def _request(self) -> ApiRequest:
        return ApiRequest(
            self.secret.of.system,
            "POST",
            self.settings.token_url,
            (("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")),
            form="grant_type=client_credentials",
            repeatable=True,
            login=True,
            timeout=self.timeout,
        )


@frozen
class Slot:
    """One header that carries a secret."""

    name: str
    source: Source
    write: Callable[[SecretStr], SecretStr]
    shown: str
    """The header's value with the secret masked."""


@frozen
class Grant:
    headers: SecretHeaders
    secrets: tuple[SecretStr, ...]


@frozen
class Credential:
    system: System
    slots: tuple[Slot, ...]

    @property
    def masked(self) -> Headers:
        """The headers as a review shows them; no I/O."""
        return tuple((slot.name, slot.shown) for slot in self.slots)

    async def grant(self) -> Grant:
        """Resolve the secrets that are not resolved yet.

        Raises ErpError: a secret or a token is not available; the call was not sent.
        """
        secrets = [await slot.source.current() for slot in self.slots]
        headers = []
        for slot, secret in zip(self.slots, secrets, strict=True):
            value = slot.write(secret)
            if not header_safe(value.get_secret_value()):
                title = slot.source.title
                raise CredentialFailed(
                    system=self.system,
                    sentence=f"{title} holds a character that the header {slot.name} cannot carry",
                    next_step="Store the bare secret there, without quotes or other characters",
                    sent=False,
                )
            headers.append((slot.name, value))
        return Grant(tuple(headers), tuple(secrets))

    @property
    def references(self) -> tuple[ReferenceSource, ...]:
        """The secrets that an operator can re-enter, each once."""
        return tuple({id(one): one for slot in self.slots for one in slot.source.references}.values())

    @property
    def held(self) -> tuple[SecretStr, ...]:
        """Every secret behind it that was read, also as it is sent: for masking texts; no I/O."""
        return tuple(
            secret
            for slot in self.slots
            for one in slot.source.held
            for secret in (one, *secrets_in_header(slot.write(one)))
        )

    def judged(self, grant: Grant, *, accepted: bool) -> None:
        """Record whether the server accepted all of it."""
        for slot, secret in zip(self.slots, grant.secrets, strict=True):
            slot.source.judged(secret, accepted=accepted)

    def forget(self) -> None:
        for slot in self.slots:
            slot.source.forget()

    def hurry(self) -> None:
        """Let the next refusal be followed by a renewal at once."""
        for one in self._issued:
            one.hurry()

    @property
    def pause(self) -> float | None:
        """Seconds until a token that the server no longer accepts is replaced; None: it has none."""
        return max((one.pause for one in self._issued), default=None)

    @property
    def _issued(self) -> tuple[IssuedToken, ...]:
        return tuple(slot.source for slot in self.slots if isinstance(slot.source, IssuedToken))

    async def renewed(self, grant: Grant) -> bool:
        """Replace the refused secrets; True if any source had another one."""
        pairs = zip(self.slots, grant.secrets, strict=True)
        return any([await slot.source.renewed(secret) for slot, secret in pairs])


def slot(name: str, scheme: str, source: Source) -> Slot:
    """A header whose value is the scheme and the secret; without a scheme the bare secret."""
    lead = f"{scheme} " if scheme else ""
    return Slot(
        name, source, lambda secret: SecretStr(lead + secret.get_secret_value()), f"{lead}{MASK}"
    )


def extra_slots(headers: Mapping[str, SecretRef], references: SecretSources) -> list[Slot]:
    """The headers that a proxy in front of the system requires."""
    return [slot(name, "", references.source(ref, f"header {name}")) for name, ref in headers.items()]


def basic_slot(username: str, source: ReferenceSource) -> Slot:
    return Slot("Authorization", source, lambda secret: _basic(username, secret), f"Basic {MASK}")


def _basic(username: str, secret: SecretStr) -> SecretStr:
    pair = f"{username}:{secret.get_secret_value()}".encode()
    return SecretStr(f"Basic {base64.b64encode(pair).decode()}")


def _as_credential_failure(failure: ErpError, settings: ClientCredentials) -> ErpError:
    """A refusal by the token server, as one of the credential; its other failures under its name."""
    if not is_refusal(failure, "the token server", "token_url"):
        return failure
    words = f": {failure.detail}" if failure.detail else ""
    return recast(
        failure,
        CredentialFailed,
        sentence=f"the token server refused client {settings.client_id} ({failure.status}){words}",
        next_step=f"Check client_id, token_url and {describe(settings.client_secret)}",
    )


def _token_in(answer: Answer, request: ApiRequest) -> tuple[SecretStr, float]:
    """The token and its lifetime in seconds."""
    known = folded(answer.tree) if isinstance(answer.tree, dict) else {}
    token = known.get("access_token")
    if not isinstance(token, str) or not token:
        raise BadAnswer(
            system=request.system,
            method=request.method,
            path=request.path,
            status=answer.status,
            sentence="the token server's response contains no token",
            next_step="Check token_url",
            detail=words_of(answer.tree).text,
            sent=False,
        )
    try:
        lifetime = float(str(known.get("expires_in")))
    except ValueError:
        lifetime = _DEFAULT_LIFETIME
    if not 0 < lifetime < 1e9:
        lifetime = _DEFAULT_LIFETIME
    return SecretStr(token), lifetime
