"""RSA signatures by `cryptography`, an optional package that is loaded when it is first needed.

A key comes as PEM, also with its line breaks written as `\\n`, or as the XML `RSAKeyValue` in which
SuperOffice issues it (superoffice PROTOCOL §16).
"""

import base64
import re
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_XML = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<RSAKeyValue\b", re.IGNORECASE)
_NUMBERS = ("Modulus", "Exponent", "D", "P", "Q", "DP", "DQ", "InverseQ")


class NoSignature(Exception):
    """A sentence that says why signing failed or, with `of_key`, its part after the key's name."""

    def __init__(self, why: str, step: str, *, of_key: bool = True) -> None:
        super().__init__(why)
        self.step, self.of_key = step, of_key


def signature(text: bytes, key: SecretStr) -> str:
    """RSA-SHA256 with PKCS#1 v1.5 in base64 (superoffice PROTOCOL §10); `key` has no password.

    Raises NoSignature: the package is not installed, or the key cannot sign.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
    except ImportError:
        raise NoSignature(
            "the login of a system user needs the package cryptography",
            "Install it beside syncdeck: pip install 'syncdeck[system-user]'",
            of_key=False,
        ) from None
    step = "Store the private RSA key there that belongs to the app's certificate, as PEM or RSAKeyValue"
    try:
        known = _loaded(key.get_secret_value())
    except TypeError:
        raise NoSignature("is protected by a password", "Store it without one, and private") from None
    except (ValueError, UnsupportedAlgorithm):
        raise NoSignature("contains no private key in PEM or RSAKeyValue", step) from None
    if not isinstance(known, RSAPrivateKey):
        raise NoSignature("contains a key that is not RSA", step)
    return base64.b64encode(known.sign(text, PKCS1v15(), SHA256())).decode()


def _loaded(text: str) -> object:
    """The key of a text in either form.

    Raises ValueError, TypeError, UnsupportedAlgorithm: it is neither, or has a password.
    """
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if _XML.match(text):
        return _from_xml(text)
    return load_pem_private_key(text.replace("\\r", "").replace("\\n", "\n").encode(), password=None)


def _from_xml(text: str) -> "RSAPrivateKey":
    """The key of an `RSAKeyValue`: eight numbers in base64, big-endian."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers

    modulus, exponent, d, p, q, dp, dq, inverse = (_number(text, name) for name in _NUMBERS)
    public = RSAPublicNumbers(exponent, modulus)
    return RSAPrivateNumbers(p, q, d, dp, dq, inverse, public).private_key()


def _number(text: str, name: str) -> int:
    found = re.search(rf"<{name}>\s*([A-Za-z0-9+/=\s]+?)\s*</{name}>", text)
    if found is None:
        raise ValueError("a number is missing")
    return int.from_bytes(base64.b64decode(found[1]), "big")
