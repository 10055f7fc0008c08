"""A request as a `curl` line for bash: what is masked becomes a shell variable, all else is quoted.

Invariant: the line holds no secret, and once its variables are set it is the console's own request:
same method, address, headers and body.
"""

import json
import re
import shlex
from collections.abc import Iterator

from tui.api.service import MASK, RequestPreview

_SCHEMES = {"Bearer": "TOKEN", "Wawi": "API_KEY", "Basic": "BASIC", "SOTicket": "TICKET"}
"""What the secret of an Authorization header is, by its scheme."""
_NOT_IN_A_NAME = re.compile(r"[^A-Z0-9]+")
_GLOBBING = frozenset("[]{}")
"""What curl would read as a pattern in an address."""


def curl(preview: RequestPreview) -> str:
    """The request as a command of several lines."""
    parts = [f"curl -i -X {preview.method} {_address(preview.url)}"]
    parts += [f"-H {_header(preview, name, value)}" for name, value in preview.headers]
    if preview.body:
        parts.append(f"--data-raw {_body(preview)}")
    return " \\\n  ".join(parts)


def variables(preview: RequestPreview) -> tuple[str, ...]:
    """The names of the variables that the line needs, in the order in which it uses them."""
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
    """Text as it stands between double quotes."""
    return re.sub(r'([\\"$`])', r"\\\1", text)


def _variable(preview: RequestPreview, name: str, value: str) -> str:
    """`JTL_TOKEN` for a bearer token of JTL, `SUPEROFFICE_COOKIE` for a cookie of SuperOffice."""
    scheme = value.partition(" ")[0] if name == "Authorization" else ""
    return _named(preview, _SCHEMES.get(scheme, name))


def _named(preview: RequestPreview, name: str) -> str:
    return f"{preview.system.upper()}_{_NOT_IN_A_NAME.sub('_', name.upper()).strip('_')}"


def _content(preview: RequestPreview, name: str) -> str:
    """A file's content travels as base64, and so the variable holds it."""
    return _named(preview, f"{name} base64")


def _tree(preview: RequestPreview) -> dict[str, object]:
    tree: dict[str, object] = json.loads(preview.body) if preview.body else {}
    return tree


def _masked(preview: RequestPreview) -> Iterator[str]:
    """The fields of the body that are not shown."""
    return (name for name in _tree(preview) if name in preview.withheld)


def _secrets(preview: RequestPreview) -> tuple[str, ...]:
    """The variables of values within the body that may be secrets; each as it stands in JSON."""
    inner = [value for name, value in _tree(preview).items() if name not in preview.withheld]
    count = json.dumps(inner, ensure_ascii=False).count(f': "{MASK}"')
    return tuple(_named(preview, f"option {number}") for number in range(1, count + 1))


def _body(preview: RequestPreview) -> str:
    """The body as it is sent, in one line."""
    tree = _tree(preview)
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    quoted = shlex.quote(text)
    for name in _masked(preview):
        field = f'"{name}":"{MASK}"'
        quoted = quoted.replace(field, f'"{name}":"\'"${_content(preview, name)}"\'"', 1)
    for variable in _secrets(preview):
        quoted = quoted.replace(f':"{MASK}"', f':"\'"${variable}"\'"', 1)
    return quoted
