"""Values that look like a secret by their name are not recorded, stored or copied. Pure.

Nothing in the protocol marks a secret option, so its name decides: hiding one value too many is better
than a password in a log.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from tui.domain.text import folded

MASKED = "•••"
"""Shown in place of a hidden value."""
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
    "zugangscode",
    "freischaltcode",
    "sicherheitscode",
    "securitycode",
    "authcode",
    "authentifizierungscode",
    "authenticationcode",
    "autorisierungscode",
    "authorizationcode",
    "passcode",
    "licensekey",
    "licencekey",
    "signingkey",
    "consumerkey",
    "sharedkey",
    "connectionstring",
    "verbindungszeichenfolge",
)
"""Parts of the names of secrets; white space, dots, dashes, case and the spelling of umlauts are
ignored."""
WORDS = frozenset({"pass", "pin", "pw", "psk", "otp", "tan"})
"""Names of secrets that count only as a whole word: `FTP Pass`, `ShopPIN`, not `Passage`."""
_APART = re.compile(r"[\W_]+")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NAMING = frozenset({"name", "displayname", "identifier", "id", "key"})
_HOLDING = frozenset({"value", "currentvalue", "defaultvalue"})


def looks_secret(name: str) -> bool:
    """Whether a field of that name may contain a secret."""
    words = {word.casefold() for word in _WORD.findall(name)}
    plain = _plain(name)
    return not words.isdisjoint(WORDS) or any(part in plain for part in _PARTS)


def _plain(name: str) -> str:
    return _APART.sub("", folded(name)).translate(_UMLAUTS)


_PARTS = tuple(map(_plain, NAMES))


def masked(value: str | None) -> str | None:
    """Replaces a secret's value; None stays None."""
    return MASKED if value else value


def masked_tree(tree: object) -> object:
    """Return decoded JSON with the values masked that look like a secret by their name.

    The name is the field's own, or the value of a naming field beside it.
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


_URL = re.compile(
    r"(?P<kept>\b[a-z][a-z0-9+.-]{0,20}://)(?:[^\s/?#@]*@)?(?P<place>[^\s?#]*)(?:[?#]\S*)?", re.I
)
_LOGIN = re.compile(
    r"""\b(?P<scheme>bearer|basic|wawi|so:ticket|soticket)\s+["']?(?P<value>[^\s,;"'\])}>]{4,})""", re.I
)
_PLAIN = re.compile(
    r"""[("']?[^\W\d_]?[a-zß-öø-ÿ]{1,24}(?:[-/'’][^\W\d_]?[a-zß-öø-ÿ]{1,24})*\W*|\d+(?:\.\d+)+\W*|\(\d{3}"""
)
"""A word, a version or a status of HTTP, as it follows the name of a product or of a
kind of login in a sentence."""
_HEADER = re.compile(r"authori[sz]ation\W*$", re.I)
_NAMED = re.compile(
    r"""(?<![\w.-])(?P<name>[\w.-]{1,40}(?:[ ][\w.-]{1,40})?)"""
    r"""\\?["']?(?:\s*(?P<sign>=>|[=:]|%3D)\s*|\s+(?=["'„“»«])|>(?=[^\s<]))"""
)
_VALUE = re.compile(r"""\\?"[^"]*"?|\\?'[^']*'?|„[^“”]*[“”]?|“[^”]*”?|»[^«]*«?|«[^»]*»?|[^\s,;&"'<]+""")
_SAID = """
    a an and are at be been before but by can cannot could denied empty environment expired failed
    for from has have if in incorrect invalid is it its keyring malformed may missing must no none not
    null of on or please refused rejected required revoked secret should that the this to too unknown
    was were will with wrong you your
    abgelaufen abgelehnt aber bitte das dem den der des die ein eine fehlerhaft fehlt fehlte falsch für
    gesperrt hat ist kann kein keine leer muss nicht oder sind und ungültig unbekannt war widerrufen
    wird wurde zu"""
_SPEECH = frozenset(_SAID.split())
"""With such a word a sentence goes on behind a colon; nobody has it as a secret."""
_OF_SESSIONS = ("sessionid", "xsrf", "csrf")
_LONG = re.compile(r"\b(?:eyJ[\w-]+(?:\.[\w-]*)*|[A-Za-z0-9+/_-]{40,}={0,2})")
"""What nobody reads and only a program needs: a JWT, a key, a ticket, a hash."""
_PART_OF_PATH = re.compile(r"[A-Z]?[a-z]{0,23}\d{0,4}|[A-Z]{1,12}|\d{1,8}")


def masked_text(text: str) -> str:
    """A message of a server without what may be a secret: `token=…`, a login, the query of a URL, and
    long random-looking words."""
    return _masked_again(text) if len(text) <= _LONGEST_KNOWN else _masked_text(text)


def _masked_text(text: str) -> str:
    text = _URL.sub(r"\g<kept>\g<place>", text)
    text = _LOGIN.sub(_masked_login, text)
    text = _masked_values(text)
    return _LONG.sub(_masked_long, text)


_masked_again = lru_cache(2_048)(_masked_text)
"""Every poll brings the same names and messages."""
_LONGEST_KNOWN = 300


def _masked_login(login: re.Match[str]) -> str:
    is_of_header = _HEADER.search(login.string[: login.start()]) is not None
    is_said = _PLAIN.fullmatch(login["value"]) is not None
    return login[0] if is_said and not is_of_header else f"{login['scheme']} {MASKED}"


def _announces_secret(name: str) -> bool:
    return looks_secret(name) or _plain(name).endswith(_OF_SESSIONS)


def _masked_values(text: str) -> str:
    parts, at = [], 0
    while (name := _NAMED.search(text, at)) is not None:
        value = _VALUE.match(text, name.end()) if _announces_secret(name["name"]) else None
        is_said = (
            value is not None and name["sign"] == ":" and value[0].strip(".!?()").lower() in _SPEECH
        )
        if value is None or is_said:
            parts.append(text[at : name.end()])
            at = name.end()
        else:
            parts += [text[at : name.end()], MASKED]
            at = value.end()
    return "".join((*parts, text[at:]))


def _masked_long(found: re.Match[str]) -> str:
    """Paths and names made of words are not secrets."""
    parts = re.split(r"[/_-]", found[0])
    return found[0] if all(map(_PART_OF_PATH.fullmatch, parts)) else MASKED
