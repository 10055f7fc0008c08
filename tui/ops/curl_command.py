"""A request as a `curl` line for bash: masked values become shell variables, everything else is quoted.

Invariant: the line contains no secret, and with its variables set it is the console's own request:
same method, address, headers and body.
"""

import json
import re
import shlex
from collections.abc import Iterator

from tui.api.service import MASK, RequestPreview

_SCHEMES = {"Bearer": "TOKEN", "Wawi": "API_KEY", "Basic": "BASIC", "SOTicket": "TICKET"}
"""Variable name for the secret of an Authorization header, by scheme."""
_NOT_IN_A_NAME = re.compile(r"[^A-Z0-9]+")
_GLOBBING = frozenset("[]{}")
"""Characters that curl reads as a pattern in an address."""


def curl(preview: RequestPreview) -> str:
    parts = [f"curl -i -X {preview.method} {_address(preview.url)}"]
    parts += [f"-H {_header(preview, name, value)}" for name, value in preview.headers]
    if preview.body:
        parts.append(f"--data-raw {_body(preview)}")
    return " \\\n  ".join(parts)


def variables(preview: RequestPreview) -> tuple[str, ...]:
    """Names of the variables that the line needs, in order of use."""
    names = [_variable(preview, name, value) for name, value in preview.headers if MASK in value]
    contents = (_content(preview, name) for name in _masked(preview))
    return tuple(dict.fromkeys((*names, *contents, *_secrets(preview))))


def _address(url: str) -> str:
    literally = "--globoff " if _GLOBBING & set(url) else ""
    return literally + shlex.quote(url)


def _header(preview: RequestPreview, name: str, value: str) -> str:
    if MASK not in value:
        return shlex.quote(f"{name}: {value}")
    before, _, after = value.partition(MASK)
    variable = _variable(preview, name, value)
    return f'"{_inside(f"{name}: {before}")}${variable}{_inside(after)}"'


def _inside(text: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", text)


def _variable(preview: RequestPreview, name: str, value: str) -> str:
    """`JTL_TOKEN` for a bearer token of JTL, `SUPEROFFICE_COOKIE` for a cookie of SuperOffice."""
    scheme = value.partition(" ")[0] if name == "Authorization" else ""
    return _named(preview, _SCHEMES.get(scheme, name))


def _named(preview: RequestPreview, name: str) -> str:
    return f"{preview.system.upper()}_{_NOT_IN_A_NAME.sub('_', name.upper()).strip('_')}"


def _content(preview: RequestPreview, name: str) -> str:
    """The variable of a file's content, which is sent as base64."""
    return _named(preview, f"{name} base64")


def _tree(preview: RequestPreview) -> dict[str, object]:
    tree: dict[str, object] = json.loads(preview.body) if preview.body else {}
    return tree


def _masked(preview: RequestPreview) -> Iterator[str]:
    """The hidden fields of the body."""
    return (name for name in _tree(preview) if name in preview.hidden)


def _secrets(preview: RequestPreview) -> tuple[str, ...]:
    """The variables of possible secrets within the body; each holds the JSON text."""
    inner = [value for name, value in _tree(preview).items() if name not in preview.hidden]
    count = json.dumps(inner, ensure_ascii=False).count(f': "{MASK}"')
    return tuple(_named(preview, f"option {number}") for number in range(1, count + 1))


def _body(preview: RequestPreview) -> str:
    tree = _tree(preview)
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    quoted = shlex.quote(text)
    for name in _masked(preview):
        field = f'"{name}":"{MASK}"'
        quoted = quoted.replace(field, f'"{name}":"\'"${_content(preview, name)}"\'"', 1)
    for variable in _secrets(preview):
        quoted = quoted.replace(f':"{MASK}"', f':"\'"${variable}"\'"', 1)
    return quoted
