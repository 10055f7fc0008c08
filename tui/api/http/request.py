"""A request as data: built once, shown by the review and sent by the transport, without its secrets."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import SecretStr

from tui import __version__
from tui.api.service import MASK, RequestPreview
from tui.domain.profile import System
from tui.frozen import frozen

Headers = tuple[tuple[str, str], ...]
PLAIN: Headers = (("Accept", "application/json"), ("User-Agent", f"syncdeck/{__version__}"))
"""The headers of a request that neither has a body nor depends on the profile."""


@frozen
class ApiRequest:
    """One call, complete except for the credential's headers; none of `headers` is secret."""

    system: System
    method: str
    url: str
    headers: Headers = ()
    body: Mapping[str, object] | None = None
    """JSON; a secret in it stays wrapped until the bytes are written."""
    form: str | None = None
    """A form body instead of JSON; only the token call has one."""
    repeatable: bool = False
    """A read: it may be sent again if no response came."""
    polled: bool = False
    """A list that is polled: a response that is byte for byte the last one is not decoded again. Never
    for what must not stay in memory."""
    login: bool = False
    """It obtains the credential that other calls carry."""
    timeout: float = 30
    """Seconds, for all attempts together."""
    scope: str = ""
    """The scope that an app needs for this call; named on 403."""
    hidden: frozenset[str] = frozenset()
    """Fields of the body that a preview masks: the contents of files."""
    confidential: bool = False
    """Its response holds configuration values: if it is not JSON, nothing of it is quoted."""

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def content(self) -> bytes | None:
        """The body's bytes.

        Raises UnicodeEncodeError: a text in it is not valid Unicode; nothing is replaced.
        """
        if self.form is not None:
            return self.form.encode()
        if self.body is None:
            return None
        text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"), default=_revealed)
        return text.encode()

    def preview(self, masked: Headers) -> RequestPreview:
        """This request for a review, with the credential's headers masked."""
        shown = {
            name: MASK if name in self.hidden else value for name, value in (self.body or {}).items()
        }
        body = "" if self.body is None else _indented(shown)
        headers = (*masked, *self.headers)
        return RequestPreview(self.system, self.method, self.url, headers, body, self.hidden)


def _revealed(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")


def _indented(fields: Mapping[str, object]) -> str:
    """JSON for reading: one field per line, and a list of plain values on its field's line."""
    lines = []
    for name, value in fields.items():
        nested = not isinstance(value, list) or any(isinstance(one, dict | list) for one in value)
        text = json.dumps(value, ensure_ascii=False, indent=2 if nested else None)
        lines.append(f"  {json.dumps(name, ensure_ascii=False)}: " + text.replace("\n", "\n  "))
    return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"
