"""What a JTL-Wawi failure means in particular, and what to do. Source: jtl-erp-api §4.3, §5, §7."""

import re
from dataclasses import dataclass

from tui.api.request import ApiRequest
from tui.api.settings import BearerToken, JtlSettings, WawiKey
from tui.api.words import Words

_NUMERIC_IDS = re.compile(r"key must \w+ type int", re.IGNORECASE)
_VERSION_TWICE = re.compile(r"(ambiguous|single).{0,40}version", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class JtlHints:
    """Hints for one profile's settings; a `failures.Hint`."""

    settings: JtlSettings

    def __call__(self, request: ApiRequest, status: int, words: Words) -> tuple[str, str]:
        """(sentence, next step); empty texts leave the table's own."""
        match status:
            case 400:
                return self._rejected(words)
            case 401:
                return "", self._credentials()
            case 403:
                return f"the app lacks the scope {request.scope}", self._other_scopes()
            case 404 if request.method == "GET" and "/workers" in request.path:
                return "", "Check base_url and api_version"
            case 404 if request.method != "GET":
                return "", "Refresh: it may be gone; else check base_url and api_version"
            case 412 if request.path.endswith("/manifest"):
                return (
                    "the manifest's signature or hash was not accepted",
                    "Set ManifestHash to the manifest's SHA-512 or have it signed anew, then push again",
                )
            case 412:
                return "JTL-Wawi misses a header, usually the tenant's", "Check tenant_id"
            case _ if status >= 500 and not request.repeatable:
                return "", "Refresh and look at its state; if it stays, do it in JTL-Wawi itself"
        return "", ""

    def _rejected(self, words: Words) -> tuple[str, str]:
        said = " ".join([words.text, *(text for texts in words.fields.values() for text in texts)])
        if _NUMERIC_IDS.search(said):
            return (
                "this server's API 1.1 wants numeric ids",
                "Set api_version to v1 or v2 if the server has them, or do it in JTL-Wawi itself",
            )
        if _VERSION_TWICE.search(said):
            return (
                "this server wants the API version in the path or in the header, not in both",
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
            return 'On-premises servers want auth type = "wawi": other schemes are refused'
        if isinstance(settings.auth, BearerToken):
            return "The token has run out or is wrong: put a new one, and check tenant_id"
        return "Check client_id and client_secret, and that tenant_id belongs to them"
