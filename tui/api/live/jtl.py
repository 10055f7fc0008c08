"""The JTL half of the real service: each call goes to the client, which comes with its first use."""

from functools import cached_property
from typing import TYPE_CHECKING

from tui.domain.writes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    PushManifest,
    UpdateExtension,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tui.api.jtl.client import JtlClient
    from tui.domain.jtl.extensions import Extension, ExtensionPage
    from tui.domain.jtl.workers import WorkerStatus, WorkerSync


class JtlHalf:
    """What `ErpService` says of JTL."""

    @cached_property
    def _jtl(self) -> "JtlClient":
        raise NotImplementedError

    async def workers(self) -> "tuple[WorkerSync, ...]":
        """GET /workers."""
        return await self._jtl.workers()

    async def worker_status(self, sync_id: str | None = None) -> "tuple[WorkerStatus, ...]":
        """GET /workers/status."""
        return await self._jtl.worker_status(sync_id)

    async def configure_worker(self, write: ConfigureWorker) -> "WorkerSync":
        """POST /workers/{syncId}."""
        return await self._jtl.configure_worker(write)

    async def control_worker(self, write: ControlWorker) -> None:
        """PUT /workers/{syncId}."""
        await self._jtl.control_worker(write)

    async def extensions(self) -> "AsyncIterator[ExtensionPage]":
        """GET /extensions, page by page."""
        async for page in self._jtl.extensions():
            yield page

    async def extension(self, id: str) -> "Extension":
        """GET /extensions/{extensionId}."""
        return await self._jtl.extension(id)

    async def create_extension(self, write: CreateExtension) -> "Extension":
        """POST /extensions."""
        return await self._jtl.create_extension(write)

    async def update_extension(self, write: UpdateExtension) -> "Extension":
        """PATCH /extensions/{extensionId}."""
        return await self._jtl.update_extension(write)

    async def delete_extension(self, write: DeleteExtension) -> None:
        """DELETE /extensions/{extensionId}."""
        await self._jtl.delete_extension(write)

    async def push_manifest(self, write: PushManifest) -> None:
        """PUT /extensions/{extensionId}/manifest."""
        await self._jtl.push_manifest(write)
