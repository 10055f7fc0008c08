"""JTL-Wawi: every call of workers and extensions, in domain types. Source: jtl PROTOCOL §1, §3."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from tui.api.auth.authorized_caller import Caller, invalid_response, nothing_sent, unreadable_response
from tui.api.auth.credential import Credential, Fetch, Slot, TokenSource, extra_slots, slot
from tui.api.auth.secret_source import SecretSources
from tui.api.errors import NotFound, VersionUnknown
from tui.api.http.bounded_cache import BoundedCache
from tui.api.http.decode import in_thread_if_large
from tui.api.http.request import ApiRequest
from tui.api.http.transport import Answer
from tui.api.jtl.requests import PAGE_SIZE, JtlRequests
from tui.api.jtl.rows import EXTENSIONS, STATUSES, SYNCS, read_paging
from tui.api.jtl.server_info import ServerInfoReader
from tui.api.jtl.version_memory import Family, Version
from tui.api.jtl.version_negotiation import Negotiation
from tui.api.row_reader import SAFE_ID, RowSchema, Unreadable, read_again, read_one, rows_in, same_id
from tui.api.service import RequestPreview
from tui.api.settings import BearerToken, ClientCredentials, JtlSettings, WawiKey
from tui.domain.jtl.extensions import Extension, ExtensionPage
from tui.domain.jtl.server_info import ServerInfo
from tui.domain.jtl.workers import WorkerStatus, WorkerSync, with_distinction
from tui.domain.profile import System
from tui.domain.writes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    JtlWrite,
    PushManifest,
    UpdateExtension,
    target_of,
)

R = TypeVar("R", WorkerSync, WorkerStatus, Extension)
MOST_PAGES = 1_000
"""Pages of extensions above which the list counts as endless."""


class JtlClient:
    """`JtlService` over HTTP; see there for what each call does."""

    def __init__(
        self, caller: Caller, requests: JtlRequests, negotiation: Negotiation, info: ServerInfoReader
    ) -> None:
        self._caller = caller
        self._requests = requests
        self._negotiation = negotiation
        self._info = info
        self._known: BoundedCache[tuple[str, int], tuple[object, tuple[Any, ...]]] = BoundedCache()
        """By address and position of the first row: the decoded list, and its rows."""

    @property
    def credential(self) -> Credential:
        return self._caller.credential

    def known_version(self, family: Family) -> Version | None:
        """The version that calls of the family use; None: no list was loaded yet."""
        return self._negotiation.known(family)

    @property
    def server(self) -> ServerInfo | None:
        """What the server reported of itself; None: nothing, or not yet."""
        return self._info.known

    async def server_info(self) -> ServerInfo | None:
        return await self._info.read()

    async def workers(self) -> tuple[WorkerSync, ...]:
        return await self._negotiation.listed(Family.WORKERS, self._workers)

    async def worker_status(self, sync_id: str | None = None) -> tuple[WorkerStatus, ...]:
        request = self._requests.worker_status(await self._version(Family.WORKERS), sync_id)
        return await self._rows(request, STATUSES)

    async def configure_worker(self, write: ConfigureWorker) -> WorkerSync:
        return await self._changed(write, Family.WORKERS, SYNCS)

    async def control_worker(self, write: ControlWorker) -> None:
        await self._caller.order(await self._checked(write, Family.WORKERS))

    async def extensions(self) -> AsyncIterator[ExtensionPage]:
        """GET /extensions, all pages.

        Raises ErpError: also `BadAnswer` if the list repeats itself or does not end.
        """
        page, more = await self._negotiation.listed(Family.EXTENSIONS, self._first_page)
        seen = {item.id for item in page.items}
        yield page
        number, count = 1, len(page.items)
        version = await self._version(Family.EXTENSIONS)
        while more:
            number += 1
            page, more, came = await self._next_page(version, number, count, seen)
            count += came
            yield page

    async def extension(self, id: str) -> Extension:
        _check_target(id, "GET")
        request = self._requests.extension(await self._version(Family.EXTENSIONS), id)
        answer = await self._caller.call(request)
        return self._named(request, answer, EXTENSIONS, id)

    async def create_extension(self, write: CreateExtension) -> Extension:
        request = await self._checked(write, Family.EXTENSIONS)
        return self._one(request, await self._caller.call(request), EXTENSIONS)

    async def update_extension(self, write: UpdateExtension) -> Extension:
        return await self._changed(write, Family.EXTENSIONS, EXTENSIONS)

    async def delete_extension(self, write: DeleteExtension) -> None:
        await self._caller.order(await self._checked(write, Family.EXTENSIONS))

    async def push_manifest(self, write: PushManifest) -> None:
        await self._caller.order(await self._checked(write, Family.EXTENSIONS))

    def preview(self, write: JtlWrite) -> RequestPreview:
        """The request that `write` would send.

        Raises VersionUnknown: no list has shown yet which version it would use.
        """
        workers = isinstance(write, ConfigureWorker | ControlWorker)
        version = self._negotiation.known(Family.WORKERS if workers else Family.EXTENSIONS)
        if version is None:
            raise VersionUnknown(
                system=System.JTL,
                sentence="the API version of this server is not known yet",
                next_step="Wait for the list, or set api_version in the profile",
                sent=False,
            )
        return self._requests.write(write, version).preview(self._caller.credential.masked)

    async def _workers(self, version: Version) -> tuple[WorkerSync, ...]:
        return with_distinction(await self._rows(self._requests.workers(version), SYNCS))

    async def _version(self, family: Family) -> Version:
        """The version for calls other than lists; a failure to find it sent nothing of the call."""
        ask = self._workers if family is Family.WORKERS else self._first_page
        with nothing_sent():
            return await self._negotiation.version(family, ask)

    async def _checked(self, write: JtlWrite, family: Family) -> ApiRequest:
        shown = self._negotiation.known(family)
        version = await self._version(family)
        if shown not in (None, version):
            raise VersionUnknown(
                system=System.JTL,
                sentence=f"the API version changed from {shown} to {version} since the review",
                next_step="Review it again: it shows the new address",
                sent=False,
            )
        request = self._requests.write(write, version)
        if not isinstance(write, CreateExtension):
            _check_target(target_of(write), request.method)
        return request

    async def _changed(self, write: JtlWrite, family: Family, reading: RowSchema[R]) -> R:
        request = await self._checked(write, family)
        return self._named(request, await self._caller.call(request), reading, target_of(write))

    async def _rows(self, request: ApiRequest, reading: RowSchema[R]) -> tuple[R, ...]:
        answer = await self._caller.call(request)
        return await self._read(request, answer, reading)

    async def _read(
        self, request: ApiRequest, answer: Answer, reading: RowSchema[R], first: int = 1
    ) -> tuple[R, ...]:
        """The rows of a list; rows that did not change keep their objects."""
        place = request.url, first
        tree, known = self._known.get(place) or (None, ())
        if tree is None or tree is not answer.tree:
            try:
                rows = rows_in(answer.tree, reading)
                known = await in_thread_if_large(answer.size, read_again, rows, reading, first, known)
            except Unreadable as problem:
                raise unreadable_response(request, answer, problem) from None
            self._known.put(place, (answer.tree, known))
        return known

    def _one(self, request: ApiRequest, answer: Answer, reading: RowSchema[R]) -> R:
        try:
            return read_one(answer.tree, reading)
        except Unreadable as problem:
            raise unreadable_response(request, answer, problem) from None

    def _named(self, request: ApiRequest, answer: Answer, reading: RowSchema[R], known_id: str) -> R:
        """The one row of a response; a response about another row is refused."""
        row = self._one(request, answer, reading)
        if same_id(row.id) != same_id(known_id):
            raise invalid_response(
                request, answer, f"the response is about {row.id}, which was not requested"
            )
        return row

    async def _first_page(self, version: Version) -> tuple[ExtensionPage, bool]:
        page, more, _ = await self._next_page(version, 1, 0, set())
        return page, more

    async def _next_page(
        self, version: Version, number: int, count: int, seen: set[str]
    ) -> tuple[ExtensionPage, bool, int]:
        """Page `number` after `count` rows: the page, whether there are more, the rows that came.

        Leaves out rows that an earlier page had: an inserted row shifts the pages.
        """
        request = self._requests.extensions(version, number)
        answer = await self._caller.call(request)
        items = await self._read(request, answer, EXTENSIONS, count + 1)
        fresh = tuple(item for item in items if item.id not in seen)
        if items and not fresh:
            raise invalid_response(
                request, answer, f"the list of extensions does not end: page {number} repeats"
            )
        if number > MOST_PAGES:
            raise invalid_response(
                request, answer, f"the list of extensions does not end after {MOST_PAGES} pages"
            )
        seen.update(item.id for item in fresh)
        total, more = read_paging(answer.tree)
        if number == 1 and not items and (total or more):
            raise invalid_response(
                request, answer, "the list of extensions is empty, but reports more pages"
            )
        if more is None:
            enveloped = isinstance(answer.tree, dict)
            more = enveloped and (
                count + len(items) < total if total is not None else len(items) >= PAGE_SIZE
            )
        more = more and bool(items)
        return ExtensionPage(fresh, number, total, not more), more, len(items)


def _check_target(known_id: str, method: str) -> None:
    """Refuse the placeholder name of an unreadable row: it addresses nothing."""
    if not SAFE_ID.fullmatch(known_id):
        raise NotFound(
            system=System.JTL,
            method=method,
            sentence=f"{known_id} is not an identifier of the server: its row could not be read",
            next_step="Refresh; if it stays unreadable, change it in JTL-Wawi itself",
            sent=False,
        )


def credential(
    settings: JtlSettings, fetch: Fetch, references: SecretSources, timeout: float
) -> Credential:
    """The secret headers of a profile: Authorization, and `x-api-key` if it has one.

    `timeout`: seconds to wait for a token.
    """
    slots = [_authorization(settings, fetch, references, timeout)]
    if settings.api_key is not None:
        slots.append(slot("x-api-key", "", references.source(settings.api_key, "x-api-key")))
    slots += extra_slots(settings.headers, references)
    return Credential(System.JTL, tuple(slots))


def _authorization(
    settings: JtlSettings, fetch: Fetch, references: SecretSources, timeout: float
) -> Slot:
    match settings.auth:
        case ClientCredentials() as auth:
            source = TokenSource(
                settings=auth,
                secret=references.source(auth.client_secret, "client secret"),
                fetch=fetch,
                timeout=timeout,
                monotonic=references.monotonic,
            )
            return slot("Authorization", "Bearer", source)
        case BearerToken(token=ref):
            return slot("Authorization", "Bearer", references.source(ref, "token"))
        case WawiKey(api_key=ref):
            return slot("Authorization", "Wawi", references.source(ref, "API key"))
