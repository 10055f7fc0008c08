"""A request as data: built once, shown by the review and sent by the transport, without its secrets."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from tui.api.service import MASK, RequestPreview
from tui.domain.systems import System

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One call, complete but for the credential's headers; none of `headers` is secret."""

    system: System
    method: str
    url: str
    headers: Headers = ()
    body: Mapping[str, object] | None = None
    """JSON; a secret in it stays wrapped until the bytes are written."""
    form: str | None = None
    """A form body instead of JSON; only the token call has one."""
    repeatable: bool = False
    """A read: it may be sent again when no answer came."""
    polled: bool = False
    """A list that is asked for again and again: an answer that is byte for byte the last one is not
    decoded anew. Never for what is not to stay in memory."""
    login: bool = False
    """It gets the credential that other calls carry."""
    timeout: float = 30
    """Seconds, for all tries together."""
    scope: str = ""
    """What an app must be granted for this call; named on 403."""
    withheld: frozenset[str] = frozenset()
    """Fields of the body that a preview masks: the contents of files."""
    confidential: bool = False
    """Its answer holds configuration values: where it is no JSON nothing of it is quoted."""

    @property
    def path(self) -> str:
        """The path of the URL, for errors."""
        return urlsplit(self.url).path

    @property
    def host(self) -> str:
        """Host and port, for sentences."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def content(self) -> bytes | None:
        """The body's bytes.

        Raises:
            UnicodeEncodeError: a text in it is not valid Unicode; no other is sent in its place.
        """
        if self.form is not None:
            return self.form.encode()
        if self.body is None:
            return None
        text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"), default=_revealed)
        return text.encode()

    def preview(self, masked: Headers) -> RequestPreview:
        """Show this request with the credential's headers masked."""
        shown = {name: MASK if name in self.withheld else value for name, value in self._fields()}
        body = "" if self.body is None else _indented(shown)
        headers = (*masked, *self.headers)
        return RequestPreview(self.system, self.method, self.url, headers, body, self.withheld)

    def _fields(self) -> Iterable[tuple[str, object]]:
        return () if self.body is None else self.body.items()


def _revealed(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    raise TypeError(f"a {type(value).__name__} cannot be written as JSON")


def _indented(fields: Mapping[str, object]) -> str:
    """JSON for reading: a field a line, and a list of plain values on the line of its field."""
    lines = []
    for name, value in fields.items():
        nested = not isinstance(value, list) or any(isinstance(one, dict | list) for one in value)
        text = json.dumps(value, ensure_ascii=False, indent=2 if nested else None)
        lines.append(f"  {json.dumps(name, ensure_ascii=False)}: " + text.replace("\n", "\n  "))
    return "{\n" + ",\n".join(lines) + "\n}" if lines else "{}"
