"""What a JTL-Wawi failure means, and what to do. Source: jtl PROTOCOL §4.3, §5, §7."""

import re

from tui.api.error_body import Words
from tui.api.http.request import ApiRequest
from tui.api.settings import BearerToken, JtlSettings, WawiKey
from tui.frozen import frozen

_NUMERIC_IDS = re.compile(r"key must \w+ type int", re.IGNORECASE)
_VERSION_TWICE = re.compile(r"(ambiguous|single).{0,40}version", re.IGNORECASE)


@frozen
class JtlHints:
    """Hints for one profile's settings; a `error_mapping.Hint`."""

    settings: JtlSettings

    def __call__(self, request: ApiRequest, status: int, words: Words) -> tuple[str, str]:
        """(sentence, next step); empty texts keep those of the table."""
        match status:
            case 400:
                return self._rejected(words)
            case 401:
                return "", self._credentials()
            case 403:
                return f"permission missing (scope {request.scope})", self._other_scopes()
            case 404 if request.method == "GET" and "/workers" in request.path:
                return "", "Check base_url and api_version"
            case 404 if request.method != "GET":
                return "", "Refresh: it may be deleted; else check base_url and api_version"
            case 412 if request.path.endswith("/manifest"):
                return (
                    "the manifest's signature or hash is invalid",
                    "Set ManifestHash to its SHA-512 or have it signed again, then push again",
                )
            case 412:
                return "JTL-Wawi reports a missing header, usually the tenant's", "Check tenant_id"
            case _ if status >= 500 and not request.repeatable:
                return "", "Refresh and check its state; if it fails again, do it in JTL-Wawi itself"
        return "", ""

    def _rejected(self, words: Words) -> tuple[str, str]:
        message = " ".join([words.text, *(text for texts in words.fields.values() for text in texts)])
        if _NUMERIC_IDS.search(message):
            return (
                "this server's API 1.1 requires numeric ids",
                "Set api_version to v1 or v2 if the server has them, or do it in JTL-Wawi itself",
            )
        if _VERSION_TWICE.search(message):
            return (
                "this server accepts the API version in the path or in the header, not in both",
                "Remove api_version_header, or set api_version to unversioned",
            )
        return "", ""

    def _other_scopes(self) -> str:
        how = " (`syncdeck register`)" if self.settings.deployment == "on-premises" else ""
        return f"Register the app again with it{how}: granted scopes cannot be changed"

    def _credentials(self) -> str:
        settings = self.settings
        if isinstance(settings.auth, WawiKey):
            return (
                "Check the API key, and that app_id and app_version are the registered ones"
                f" (sent: {settings.app_id}, {settings.app_version})"
            )
        if settings.deployment == "on-premises":
            return 'On-premises servers require auth type = "wawi": other schemes are refused'
        if isinstance(settings.auth, BearerToken):
            return "The token is expired or wrong: enter a new one, and check tenant_id"
        return "Check client_id and client_secret, and that tenant_id belongs to them"
