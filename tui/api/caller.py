"""One system's calls with its credential: renewed once when refused, repeated only if it is a read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields

from tui.api.auth import Credential, Grant
from tui.api.came import came_instead
from tui.api.errors import ErpError, Forbidden, NotAuthorised
from tui.api.failures import nonsense
from tui.api.request import ApiRequest
from tui.api.transport import Answer, Transport
from tui.api.wire import Unreadable, kind_of
from tui.api.words import words_of


@dataclass(frozen=True, slots=True)
class Caller:
    """Transport and credential of one system."""

    transport: Transport
    credential: Credential
    renew_on: tuple[int, ...] = (401,)
    """Statuses that may mean a stale credential."""

    async def call(self, request: ApiRequest) -> Answer:
        """Send with the credential; the 2xx answer.

        Raises:
            ErpError: see `tui.api.errors`. `NotAuthorised` on a write: nothing was changed.
        """
        with nothing_sent():
            grant = await self.credential.grant()
        try:
            return await self._exchanged(request, grant)
        except (NotAuthorised, Forbidden) as refusal:
            if refusal.status not in self.renew_on or not await self._renewed(refusal, request, grant):
                raise self._final(refusal) from None
            if not request.repeatable:
                raise _apply_again(refusal) from None
        with nothing_sent():
            grant = await self.credential.grant()
        try:
            return await self._exchanged(request, grant)
        except (NotAuthorised, Forbidden) as refusal:
            raise self._final(refusal) from None

    async def _exchanged(self, request: ApiRequest, grant: Grant) -> Answer:
        """Send it, and take note of what the server makes of the credential."""
        try:
            answer = await self.transport.exchange(request, grant.headers)
        except (NotAuthorised, Forbidden) as refusal:
            if refusal.status in self.renew_on:
                self.credential.judged(grant, accepted=False)
            raise
        self.credential.judged(grant, accepted=True)
        return answer

    async def _renewed(self, refusal: ErpError, request: ApiRequest, grant: Grant) -> bool:
        """Renew after a refusal; what became of a write is decided by its own response alone."""
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

    def _final(self, refusal: ErpError) -> ErpError:
        """A 403 that may mean a stale credential counts as not authorised."""
        if isinstance(refusal, Forbidden) and refusal.status in self.renew_on:
            known = {item.name: getattr(refusal, item.name) for item in fields(ErpError)}
            return NotAuthorised(**known)
        return refusal

    async def order(self, request: ApiRequest, *, silent: bool = False) -> None:
        """Send a write that answers nothing but success; a `silent` one is known to answer no content.

        Raises:
            ErpError: as `call`; `BadAnswer` where a success carries `null`, a message or a web page,
                and of a silent one where it carries anything: that may say that it was not done.
        """
        answer = await self.call(request)
        if answer.empty or answer.status in (202, 204):
            return
        words = words_of(answer.tree)
        came = came_instead(request, answer.tree) or kind_of(answer.tree)
        if silent and answer.tree is not None:
            why = f"an answer without content was expected, got {came}"
            raise bad(request, answer, why, detail=words.text)
        if answer.tree is None or answer.tree is False or words.text:
            raise bad(request, answer, came, detail=words.text)


@contextmanager
def nothing_sent() -> Iterator[None]:
    """What fails in here failed around the call: the server has taken nothing of the call itself."""
    try:
        yield
    except ErpError as failure:
        failure.sent = False
        raise


def _apply_again(refusal: ErpError) -> ErpError:
    return NotAuthorised(
        system=refusal.system,
        method=refusal.method,
        path=refusal.path,
        status=refusal.status,
        request_id=refusal.request_id,
        sentence=f"the login was refused ({refusal.status}); it was renewed since",
        next_step="Apply again",
        detail=refusal.detail,
    )


def bad(request: ApiRequest, answer: Answer, why: str, *, detail: str = "", step: str = "") -> ErpError:
    """A success whose content is not what the protocol says."""
    return nonsense(
        request, why, detail=detail, step=step, status=answer.status, known_id=answer.request_id
    )


def unread(
    request: ApiRequest, answer: Answer, problem: Unreadable, *, empty_step: str = ""
) -> ErpError:
    """A success that cannot be read; `empty_step`: what to do where it answered with nothing."""
    if answer.tree is None:
        is_null = not answer.empty and not request.repeatable
        why = "it answered null" if is_null else "it answered with nothing"
        return bad(request, answer, why, step=empty_step)
    why, came = str(problem), came_instead(request, answer.tree)
    if came and came not in why:
        why = f"{came} ({why})"
    return bad(request, answer, why, detail=came or why)
