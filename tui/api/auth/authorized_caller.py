"""Calls of one system with its credential: renewed once after a refusal, repeated only if it is a
read."""

from collections.abc import Iterator
from contextlib import contextmanager

from tui.api.auth.credential import Credential, Grant
from tui.api.error_body import words_of
from tui.api.errors import ErpError, Forbidden, NotAuthorised, recast
from tui.api.http.error_mapping import unexpected_response
from tui.api.http.request import ApiRequest
from tui.api.http.transport import Answer, Transport
from tui.api.http.unexpected_response import unexpected_content
from tui.api.row_reader import Unreadable, kind_of
from tui.frozen import frozen


@frozen
class Caller:
    transport: Transport
    credential: Credential
    renew_on: tuple[int, ...] = (401,)
    """Statuses that may mean an expired credential."""

    async def call(self, request: ApiRequest) -> Answer:
        """Send with the credential; returns the 2xx response.

        Raises ErpError: see `tui.api.errors`. `NotAuthorised` on a write: nothing was changed.
        """
        with nothing_sent():
            grant = await self.credential.grant()
        try:
            return await self._exchanged(request, grant)
        except (NotAuthorised, Forbidden) as refusal:
            if refusal.status not in self.renew_on:
                raise self._final(refusal) from None
            if not await self._renewed(refusal, request, grant):
                raise self._postponed(self._final(refusal)) from None
            if not request.repeatable:
                sentence = f"the login was refused ({refusal.status}); it was renewed since"
                step = "Apply again"
                raise recast(
                    refusal, NotAuthorised, sentence=sentence, next_step=step, renewed=True
                ) from None
        with nothing_sent():
            grant = await self.credential.grant()
        try:
            return await self._exchanged(request, grant)
        except (NotAuthorised, Forbidden) as refusal:
            raise self._final(refusal) from None

    async def glimpse(self, request: ApiRequest) -> Answer:
        """Send with the credential, without judging or renewing it: nothing depends on the response."""
        grant = await self.credential.grant()
        return await self.transport.exchange(request, grant.headers)

    async def _exchanged(self, request: ApiRequest, grant: Grant) -> Answer:
        """Send it, and record whether the server accepted the credential."""
        try:
            answer = await self.transport.exchange(request, grant.headers)
        except (NotAuthorised, Forbidden) as refusal:
            if refusal.status in self.renew_on:
                self.credential.judged(grant, accepted=False)
            raise
        self.credential.judged(grant, accepted=True)
        return answer

    async def _renewed(self, refusal: ErpError, request: ApiRequest, grant: Grant) -> bool:
        """Renew after a refusal; the result of a write depends on its own response alone."""
        try:
            with nothing_sent():
                return await self.credential.renewed(grant)
        except ErpError as failure:
            if request.repeatable:
                raise
            final = self._final(refusal)
            final.sentence = f"{final.sentence}; the login could not be renewed: {failure.sentence}"
            final.next_step = failure.next_step or final.next_step
            raise final from None

    def _postponed(self, refusal: ErpError) -> ErpError:
        """Where a token was issued lately, the credentials are right: another one follows."""
        pause = self.credential.pause
        if pause:
            refusal.sentence = f"{refusal.system.product} no longer accepts the token it issued"
            refusal.sentence += f" ({refusal.status})"
            refusal.next_step = f"No action needed: a new one is requested in {pause:.0f}s, by r at once"
        return refusal

    def _final(self, refusal: ErpError) -> ErpError:
        """Turn a 403 that may mean an expired credential into `NotAuthorised`."""
        if isinstance(refusal, Forbidden) and refusal.status in self.renew_on:
            return recast(refusal, NotAuthorised)
        return refusal

    async def order(self, request: ApiRequest, *, silent: bool = False) -> None:
        """Send a write whose response is only a success; `silent`: it is documented to have no content.

        Raises:
            ErpError: as `call`; `BadAnswer` if a success carries `null`, a message or a web page, and
                with `silent` if it carries anything: the content may say that the write was not done.
        """
        answer = await self.call(request)
        if answer.empty or answer.status in (202, 204):
            return
        words = words_of(answer.tree)
        came = unexpected_content(request, answer.tree) or kind_of(answer.tree)
        if silent and answer.tree is not None:
            why = f"a response without content was expected, got {came}"
            raise invalid_response(request, answer, why, detail=words.text)
        if answer.tree is None or answer.tree is False or words.text:
            raise invalid_response(request, answer, came, detail=words.text)


@contextmanager
def nothing_sent() -> Iterator[None]:
    """Errors raised inside happened around the call: the server received nothing of the call itself."""
    try:
        yield
    except ErpError as failure:
        failure.sent = False
        raise


def invalid_response(
    request: ApiRequest, answer: Answer, why: str, *, detail: str = "", step: str = ""
) -> ErpError:
    """A success whose content violates the protocol."""
    return unexpected_response(
        request, why, detail=detail, step=step, status=answer.status, known_id=answer.request_id
    )


def unreadable_response(
    request: ApiRequest, answer: Answer, problem: Unreadable, *, empty_step: str = ""
) -> ErpError:
    """A success that cannot be read; `empty_step`: the next step if it is empty."""
    if answer.tree is None:
        is_null = not answer.empty and not request.repeatable
        why = "it is null" if is_null else "it is empty"
        return invalid_response(request, answer, why, step=empty_step)
    why, came = str(problem), unexpected_content(request, answer.tree)
    if came and came not in why:
        why = f"{came} ({why})"
    return invalid_response(request, answer, why, detail=came or why)
