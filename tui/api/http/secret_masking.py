"""Masks a secret that a server repeats, before its response is used.

The length of the secret decides, because a short one occurs inside many words:

- 12 characters and more: also where only its beginning is repeated, since texts are cut;
- 6 to 11: everywhere;
- 3 to 5: as a whole word;
- 1 or 2: never; masking it would hide words, and a reader can guess it anyway.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from pydantic import SecretStr

from tui.api.errors import ErpError, Rejected
from tui.api.service import MASK
from tui.domain.text import Altered, shared_start

_BEGINNING, _ANYWHERE, _ALONE = 12, 6, 3
_NEVER_ESCAPED = re.compile(r"[\w.~-]+", re.ASCII)
"""What JSON, HTML and URLs leave as it is."""

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
"""As `html.escape`, whose module holds the names of all entities."""

Secrets = Sequence[SecretStr]


def secrets_in_header(value: SecretStr) -> Iterator[SecretStr]:
    """The secret parts of a header's value: without its scheme or its cookies' names; of Basic also the
    password."""
    scheme, blank, bare = value.get_secret_value().partition(" ")
    if "=" in scheme.rstrip("="):
        cookies = (pair.partition("=")[2] for pair in value.get_secret_value().split("; "))
        yield from map(SecretStr, cookies)
        return
    yield SecretStr(bare if blank else scheme)
    if scheme == "Basic":
        try:
            pair = base64.b64decode(bare, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return
        yield SecretStr(pair.partition(":")[2])


def masked(text: str, secrets: Iterable[SecretStr]) -> str:
    """`text` without the secrets, also where a server escaped them for a web page or a URL."""
    return _mask(secrets)(text)


def masked_tree(tree: object, secrets: Secrets) -> object:
    """Decoded JSON without the secrets; a text that changed is `Altered`."""
    return _masked_tree(tree, _mask(secrets))


def may_hold(content: bytes, secrets: Iterable[SecretStr]) -> bool:
    """Whether a secret may occur in a response's bytes, however it is escaped; fast."""
    known = (secret.get_secret_value() for secret in secrets)
    return any(_needle(secret) in content for secret in known if len(secret) >= _ALONE)


def without_secrets(error: ErpError, secrets: Secrets) -> ErpError:
    """The same failure with every server text in it masked."""
    error.sentence = masked(error.sentence, secrets)
    error.next_step = masked(error.next_step, secrets)
    error.detail = masked(error.detail, secrets)
    error.request_id = masked(error.request_id, secrets)
    if isinstance(error, Rejected):
        error.fields = {
            masked(name, secrets): tuple(masked(text, secrets) for text in texts)
            for name, texts in error.fields.items()
        }
    return error


def _mask(secrets: Iterable[SecretStr]) -> Callable[[str], str]:
    """`masked` for many texts: the forms of the secrets are computed once."""
    known = {form for secret in secrets for form in _forms(secret.get_secret_value())}
    forms = sorted(known, key=len, reverse=True)
    long = [form for form in forms if len(form) >= _BEGINNING]
    beginning = re.compile("|".join(re.escape(form[:_BEGINNING]) for form in long)) if long else None

    def mask(text: str) -> str:
        if beginning is not None:
            text = _without_beginnings(text, beginning, long)
        for form in forms:
            text = _without(text, form)
        return text

    return mask


def _masked_tree(tree: object, mask: Callable[[str], str]) -> object:
    if isinstance(tree, str):
        text = mask(tree)
        return tree if text == tree else Altered(text)
    if isinstance(tree, Mapping):
        return {mask(str(name)): _masked_tree(item, mask) for name, item in tree.items()}
    if isinstance(tree, list):
        return [_masked_tree(item, mask) for item in tree]
    return tree


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield secret.translate(_HTML)


def _needle(secret: str) -> bytes:
    """The longest part of a secret's beginning that no escaping changes."""
    return max(_NEVER_ESCAPED.findall(secret[:_BEGINNING]), key=len, default="").encode()


def _without(text: str, secret: str) -> str:
    if len(secret) >= _ANYWHERE:
        return text.replace(secret, MASK)
    if len(secret) >= _ALONE:
        return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)
    return text


def _without_beginnings(text: str, beginning: re.Pattern[str], secrets: Sequence[str]) -> str:
    """Of several with the same beginning, as tokens have, mask the one that matches longest."""
    kept, at = "", 0
    while found := beginning.search(text, at):
        kept += text[at : found.start()] + MASK
        at = found.start() + max(shared_start(text[found.start() :], secret) for secret in secrets)
    return kept + text[at:]
