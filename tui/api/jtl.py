"""JTL-Wawi: every call of workers and extensions, in domain types. Source: jtl-erp-api §1, §3."""

from collections.abc import AsyncIterator
from typing import Any

from tui.api.auth import Credential, Fetch, Slot, Source, TokenSource, slot
from tui.api.caller import Caller, bad, nothing_sent, unread
from tui.api.decode import aside
from tui.api.errors import NotFound, VersionUnknown
from tui.api.jtl_requests import PAGE_SIZE, JtlRequests, JtlWrite
from tui.api.lately import Lately
from tui.api.negotiation import Negotiation
from tui.api.references import References
from tui.api.request import ApiRequest
from tui.api.service import RequestPreview
from tui.api.settings import BearerToken, ClientCredentials, JtlSettings, WawiKey, describe
from tui.api.transport import Answer
from tui.api.versions import Family, Version
from tui.api.wire import SAFE_ID, Reading, Unreadable, read_again, read_one, rows_in
from tui.api.wire_jtl import EXTENSIONS, STATUSES, SYNCS, read_paging
from tui.domain.changes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    PushManifest,
    UpdateExtension,
    target_of,
)
from tui.domain.extensions import Extension, ExtensionPage
from tui.domain.systems import System
from tui.domain.workers import WorkerStatus, WorkerSync, told_apart

MOST_PAGES = 1_000
"""Pages of extensions before the list counts as endless."""


class JtlClient:
    """The JTL-Wawi half of the service; its methods are those of `ErpService`."""

    def __init__(self, caller: Caller, requests: JtlRequests, negotiation: Negotiation) -> None:
        self._caller = caller
        self._requests = requests
        self._negotiation = negotiation
        self._known: Lately[tuple[str, int], tuple[object, tuple[Any, ...]]] = Lately()
        """By address and position of the first row: what a list was decoded to, and its rows."""

    @property
    def credential(self) -> Credential:
        """The secret headers of its calls."""
        return self._caller.credential

    def known_version(self, family: Family) -> Version | None:
        """The version that calls of the family use; None: no list was answered yet."""
        return self._negotiation.known(family)

    async def workers(self) -> tuple[WorkerSync, ...]:
        """GET /workers."""
        return await self._negotiation.listed(Family.WORKERS, self._workers)

    async def worker_status(self, sync_id: str | None = None) -> tuple[WorkerStatus, ...]:
        """GET /workers/status."""
        request = self._requests.worker_status(await self._version(Family.WORKERS), sync_id)
        return await self._rows(request, STATUSES)

    async def configure_worker(self, write: ConfigureWorker) -> WorkerSync:
        """POST /workers/{syncId}."""
        sync: WorkerSync = await self._changed(write, Family.WORKERS, SYNCS)
        return sync

    async def control_worker(self, write: ControlWorker) -> None:
        """PUT /workers/{syncId}."""
        await self._caller.order(await self._checked(write, Family.WORKERS))

    async def extensions(self) -> AsyncIterator[ExtensionPage]:
        """GET /extensions, all pages.

        Raises:
            ErpError: also `BadAnswer` where the list repeats itself or does not end.
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

    async def extension(self, known_id: str) -> Extension:
        """GET /extensions/{extensionId}."""
        _check_target(known_id, "GET")
        request = self._requests.extension(await self._version(Family.EXTENSIONS), known_id)
        answer = await self._caller.call(request)
        extension: Extension = self._named(request, answer, EXTENSIONS, known_id)
        return extension

    async def create_extension(self, write: CreateExtension) -> Extension:
        """POST /extensions."""
        request = await self._checked(write, Family.EXTENSIONS)
        created: Extension = self._one(request, await self._caller.call(request), EXTENSIONS)
        return created

    async def update_extension(self, write: UpdateExtension) -> Extension:
        """PATCH /extensions/{extensionId}."""
        updated: Extension = await self._changed(write, Family.EXTENSIONS, EXTENSIONS)
        return updated

    async def delete_extension(self, write: DeleteExtension) -> None:
        """DELETE /extensions/{extensionId}."""
        await self._caller.order(await self._checked(write, Family.EXTENSIONS))

    async def push_manifest(self, write: PushManifest) -> None:
        """PUT /extensions/{extensionId}/manifest."""
        await self._caller.order(await self._checked(write, Family.EXTENSIONS))

    def preview(self, write: JtlWrite) -> RequestPreview:
        """The request that `write` would send.

        Raises:
            VersionUnknown: no list has told yet under which version it would be.
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
        return told_apart(await self._rows(self._requests.workers(version), SYNCS))

    async def _version(self, family: Family) -> Version:
        """The version for a call that is no list; what fails in finding it sent nothing of that call."""
        ask = self._workers if family is Family.WORKERS else self._first_page
        with nothing_sent():
            return await self._negotiation.version(family, ask)

    async def _checked(self, write: JtlWrite, family: Family) -> ApiRequest:
        shown = self._negotiation.known(family)
        version = await self._version(family)
        if shown not in (None, version):
            raise VersionUnknown(
                system=System.JTL,
                sentence=f"the API version of this server changed from {shown} to {version} meanwhile",
                next_step="Review it again: it shows the new address",
                sent=False,
            )
        request = self._requests.write(write, version)
        if not isinstance(write, CreateExtension):
            _check_target(target_of(write), request.method)
        return request

    async def _changed(self, write: JtlWrite, family: Family, reading: Reading) -> Any:
        request = await self._checked(write, family)
        return self._named(request, await self._caller.call(request), reading, target_of(write))

    async def _rows(self, request: ApiRequest, reading: Reading) -> tuple[Any, ...]:
        answer = await self._caller.call(request)
        return await self._read(request, answer, reading)

    async def _read(
        self, request: ApiRequest, answer: Answer, reading: Reading, first: int = 1
    ) -> tuple[Any, ...]:
        """The rows of a list; what did not change since the last time is not made anew."""
        place = request.url, first
        tree, known = self._known.of(place) or (None, ())
        if tree is None or tree is not answer.tree:
            try:
                rows = rows_in(answer.tree, reading)
                known = await aside(answer.size, read_again, rows, reading, first, known)
            except Unreadable as problem:
                raise unread(request, answer, problem) from None
            self._known.tell(place, (answer.tree, known))
        return known

    def _one(self, request: ApiRequest, answer: Answer, reading: Reading) -> Any:
        try:
            return read_one(answer.tree, reading)
        except Unreadable as problem:
            raise unread(request, answer, problem) from None

    def _named(self, request: ApiRequest, answer: Answer, reading: Reading, known_id: str) -> Any:
        """The one row of an answer; of another one than was asked for nothing is believed."""
        row = self._one(request, answer, reading)
        if row.id.strip("{}").lower() != known_id.strip("{}").lower():
            raise bad(request, answer, f"it tells of {row.id}, which was not asked for")
        return row

    async def _first_page(self, version: Version) -> tuple[ExtensionPage, bool]:
        page, more, _ = await self._next_page(version, 1, 0, set())
        return page, more

    async def _next_page(
        self, version: Version, number: int, count: int, seen: set[str]
    ) -> tuple[ExtensionPage, bool, int]:
        """Page `number` after `count` rows: the page, whether there are more, the rows that came.

        A row that an earlier page had already is left out: rows move up when one is added meanwhile.
        """
        request = self._requests.extensions(version, number)
        answer = await self._caller.call(request)
        items: tuple[Extension, ...] = await self._read(request, answer, EXTENSIONS, count + 1)
        fresh = tuple(item for item in items if item.id not in seen)
        if items and not fresh:
            raise bad(request, answer, f"the list of extensions does not end: page {number} repeats")
        if number > MOST_PAGES:
            raise bad(request, answer, f"the list of extensions does not end after {MOST_PAGES} pages")
        seen.update(item.id for item in fresh)
        total, more = read_paging(answer.tree)
        if number == 1 and not items and (total or more):
            raise bad(request, answer, "the list of extensions is empty, and says that it is not")
        if more is None:
            enveloped = isinstance(answer.tree, dict)
            more = enveloped and (
                count + len(items) < total if total is not None else len(items) >= PAGE_SIZE
            )
        more = more and bool(items)
        return ExtensionPage(fresh, number, total, not more), more, len(items)


def _check_target(known_id: str, method: str) -> None:
    """Refuse what a broken row was named: it addresses nothing."""
    if not SAFE_ID.fullmatch(known_id):
        raise NotFound(
            system=System.JTL,
            method=method,
            sentence=f"{known_id} is no identifier of the server: its row could not be read",
            next_step="Refresh; change it in JTL-Wawi itself if it stays",
            sent=False,
        )


def credential(
    settings: JtlSettings, fetch: Fetch, references: References, timeout: float
) -> Credential:
    """The secret headers of a profile: Authorization, and `x-api-key` if it has one.

    `timeout`: seconds that a token is waited for.
    """
    slots = [_authorization(settings, fetch, references, timeout)]
    if settings.api_key is not None:
        key = references.kept(settings.api_key, "x-api-key")
        slots.append(slot("x-api-key", "", key, describe(settings.api_key)))
    return Credential(System.JTL, tuple(slots))


def _authorization(settings: JtlSettings, fetch: Fetch, references: References, timeout: float) -> Slot:
    match settings.auth:
        case ClientCredentials() as auth:
            source: Source = TokenSource(
                settings=auth,
                secret=references.kept(auth.client_secret, "client secret"),
                fetch=fetch,
                timeout=timeout,
                monotonic=references.monotonic,
            )
            return slot("Authorization", "Bearer", source, "the access token")
        case BearerToken(token=ref):
            return slot("Authorization", "Bearer", references.kept(ref, "token"), describe(ref))
        case WawiKey(api_key=ref):
            return slot("Authorization", "Wawi", references.kept(ref, "API key"), describe(ref))
