"""RSA signatures by `cryptography`, an optional package that is loaded when it is first needed."""

import base64

from pydantic import SecretStr


class NoSignature(Exception):
    """A sentence that says why signing failed or, with `of_key`, its part after the key's name."""

    def __init__(self, why: str, step: str, *, of_key: bool = True) -> None:
        super().__init__(why)
        self.step, self.of_key = step, of_key


def signature(text: bytes, key: SecretStr) -> str:
    """RSA-SHA256 with PKCS#1 v1.5 in base64 (superoffice PROTOCOL §10); `key` is PEM without a password.

    Raises:
        NoSignature: the package is not installed, or the key cannot sign.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise NoSignature(
            "the login of a system user needs the package cryptography",
            "Install it beside syncdeck: pip install 'syncdeck[system-user]'",
            of_key=False,
        ) from None
    step = "Store the private RSA key there that belongs to the app's certificate, as PEM"
    try:
        known = load_pem_private_key(key.get_secret_value().encode(), password=None)
    except TypeError:
        raise NoSignature("is protected by a password", "Store it without one, and private") from None
    except (ValueError, UnsupportedAlgorithm):
        raise NoSignature("contains no private key in PEM", step) from None
    if not isinstance(known, RSAPrivateKey):
        raise NoSignature("contains a key that is not RSA", step)
    return base64.b64encode(known.sign(text, PKCS1v15(), SHA256())).decode()
