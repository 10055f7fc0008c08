"""JTL-Wawi requests: path, headers and body of every call, for sending and for the review.

Source: jtl PROTOCOL §1, §3, §4. PascalCase unversioned and under /v1, camelCase from version 2 on.
"""

import base64
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from tui import __version__
from tui.api.http.request import ApiRequest, Headers
from tui.api.jtl.version_memory import Version
from tui.api.settings import ConnectionSettings, JtlSettings
from tui.domain.profile import System
from tui.domain.writes import (
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    JtlWrite,
    PushManifest,
    UpdateExtension,
)
from tui.frozen import frozen

PAGE_SIZE = 100
READ_WORKERS = "system.worker.read or worker.getworkersyncs"
READ_STATUS = "system.worker.read or worker.getworkerstatus"
CONFIGURE = "system.worker.write or worker.configuresync"
CONTROL = "system.worker.write or worker.synccontrol"
_EXTENSIONS = "extensibility.integration or extensibility.{}"


@frozen
class JtlRequests:
    """Builds requests for one profile; no I/O, no secret."""

    settings: JtlSettings
    connection: ConnectionSettings

    def workers(self, version: Version) -> ApiRequest:
        return replace(self._request("GET", version, "/workers", scope=READ_WORKERS), polled=True)

    def worker_status(self, version: Version, sync_id: str | None) -> ApiRequest:
        """GET /workers/status, of all syncs or of one."""
        query = "" if sync_id is None else "?" + urlencode({"syncId": sync_id})
        request = self._request("GET", version, f"/workers/status{query}", scope=READ_STATUS)
        return replace(request, polled=sync_id is None)

    def extensions(self, version: Version, page: int) -> ApiRequest:
        """GET /extensions, one page; the first is 1."""
        query = urlencode({"pageNumber": page, "pageSize": PAGE_SIZE})
        scope = _EXTENSIONS.format("getextensions")
        return replace(self._request("GET", version, f"/extensions?{query}", scope=scope), polled=True)

    def extension(self, version: Version, known_id: str) -> ApiRequest:
        return self._request(
            "GET", version, f"/extensions/{_segment(known_id)}", scope=_EXTENSIONS.format("getextension")
        )

    def info(self, version: Version) -> ApiRequest:
        """GET /info: version and tenant of the server (§10)."""
        return self._request("GET", version, "/info")

    def write(self, write: JtlWrite, version: Version) -> ApiRequest:
        match write:
            case ConfigureWorker(sync_id=target):
                body = self._configuration(write, version)
                return self._request("POST", version, f"/workers/{_segment(target)}", body, CONFIGURE)
            case ControlWorker(sync_id=target, action=action):
                body = self._cased(version, {"Action": int(action)})
                return self._request("PUT", version, f"/workers/{_segment(target)}", body, CONTROL)
            case CreateExtension():
                created = {
                    "ExtensionId": write.extension_id,
                    "Version": write.version,
                    "ManifestHash": write.manifest_hash,
                }
                return self._extension_write("POST", version, "", created, "createextension")
            case UpdateExtension(id=target):
                known = {
                    "Version": write.version,
                    "ManifestHash": write.manifest_hash,
                    "Status": write.status,
                }
                changed = {name: value for name, value in known.items() if value is not None}
                return self._extension_write(
                    "PATCH", version, f"/{_segment(target)}", changed, "updateextension"
                )
            case DeleteExtension(id=target):
                return self._extension_write(
                    "DELETE", version, f"/{_segment(target)}", None, "deleteextension"
                )
            case PushManifest(id=target):
                pushed = {"Manifest": _base64(write.manifest), "Signature": _base64(write.signature)}
                path = f"/{_segment(target)}/manifest"
                request = self._extension_write("PUT", version, path, pushed, "putextensionmanifest")
                return replace(request, hidden=frozenset(request.body or ()))

    def _configuration(self, write: ConfigureWorker, version: Version) -> Mapping[str, object]:
        body: dict[str, object] = {}
        if write.interval is not None:
            body["Interval"] = write.interval
        options = [
            self._cased(version, {"Identifier": key, "Value": value}) for key, value in write.options
        ]
        body = dict(self._cased(version, body))
        if options:
            body[self._options_key(version)] = options
        return body

    def _options_key(self, version: Version) -> str:
        """`Configs` in version 1, `configs` in 2.0, `configurations` from 2.1 on (§1)."""
        if not self._camel_case(version):
            return "Configs"
        release = self.settings.api_version_header or ""
        return "configs" if release == "2" or release.startswith("2.0") else "configurations"

    def _camel_case(self, version: Version) -> bool:
        if version == "unversioned":
            return not (self.settings.api_version_header or "1").startswith(("0", "1"))
        return version == "v2"

    def _cased(self, version: Version, body: Mapping[str, object]) -> Mapping[str, object]:
        if not self._camel_case(version):
            return body
        return {name[0].lower() + name[1:]: value for name, value in body.items()}

    def _extension_write(
        self, method: str, version: Version, path: str, body: Mapping[str, object] | None, scope: str
    ) -> ApiRequest:
        cased = None if body is None else self._cased(version, body)
        return self._request(method, version, f"/extensions{path}", cased, _EXTENSIONS.format(scope))

    def _request(
        self,
        method: str,
        version: Version,
        path: str,
        body: Mapping[str, object] | None = None,
        scope: str = "",
    ) -> ApiRequest:
        prefix = "" if version == "unversioned" else f"/{version}"
        return ApiRequest(
            System.JTL,
            method,
            self.settings.base_url.rstrip("/") + prefix + path,
            self._headers(version, workers=path.startswith("/workers"), with_body=body is not None),
            body,
            repeatable=method == "GET",
            timeout=self.connection.read_timeout,
            scope=scope,
        )

    def _headers(self, version: Version, *, workers: bool, with_body: bool) -> Headers:
        settings = self.settings
        wanted = {
            "x-tenant-id": settings.tenant_id,
            "x-appid": settings.app_id,
            "x-appversion": settings.app_version,
            # Sent beside a version in the path, it makes servers answer 400 (§7 quirk 4).
            "api-version": settings.api_version_header if version == "unversioned" else None,
            "x-runas": settings.run_as,
            "x-companyid": settings.company_id if workers else None,
            "X-SessionId": settings.session_id,
            "Accept": "application/json",
            "Content-Type": "application/json" if with_body else None,
            "User-Agent": f"syncdeck/{__version__}",
        }
        return tuple((name, value) for name, value in wanted.items() if value)


def _segment(known_id: str) -> str:
    return quote(known_id, safe="")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
