"""Values that look like a secret by the name they go by: they are not recorded, kept or copied. Pure.

Nothing in the protocol tells a secret option from another, so the name has to: better one value too
many withheld than a password in a log.
"""

import re
from collections.abc import Mapping, Sequence

MASKED = "•••"
"""Stands for a value that is withheld."""
NAMES = (
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "kennwort",
    "pwd",
    "secret",
    "geheim",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "schlüssel",
    "credential",
    "zugangsdaten",
)
"""What a secret is called, as part of its name; blanks, dots, dashes and case do not count."""
_APART = re.compile(r"[\W_]+")
_NAMING = frozenset({"name", "displayname", "identifier", "id", "key"})
_HOLDING = frozenset({"value", "currentvalue", "defaultvalue"})


def looks_secret(name: str) -> bool:
    """Whether something of that name may hold a secret."""
    folded = _APART.sub("", name).casefold()
    return any(part in folded for part in NAMES)


def masked(value: str | None) -> str | None:
    """What stands for a secret's value; that there is none is no secret."""
    return MASKED if value else value


def masked_tree(tree: object) -> object:
    """Return decoded JSON with the values masked that look like a secret by their name.

    A name is that of the field itself, or what a field beside it calls the thing.
    """
    if isinstance(tree, Mapping):
        named = (str(value) for name, value in tree.items() if str(name).casefold() in _NAMING)
        of_secret = any(map(looks_secret, named))
        return {name: _masked_item(str(name), value, of_secret) for name, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str | bytes):
        return [masked_tree(item) for item in tree]
    return tree


def _masked_item(name: str, value: object, of_secret: bool) -> object:
    holds_it = looks_secret(name) or (of_secret and name.casefold() in _HOLDING)
    return masked(value) if isinstance(value, str) and holds_it else masked_tree(value)
