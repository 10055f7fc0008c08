"""Texts of a SuperOffice tenant in readable form: one of several languages, and resource ids.

Source: superoffice PROTOCOL §3. A text in neither form does not change. Pure.
"""

import re

_PART = r'\s*([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?):"([^"]*)"\s*'
_SEVERAL = re.compile(f"{_PART}(?:;{_PART})*;?")
_ONE = re.compile(_PART)
_RESOURCE = re.compile(r"\[(SR_[A-Za-z0-9_.:-]{1,120})\]")
_FALLBACK = "US"
_OWN_CODES = {"de": "ge", "sv": "sw", "en": "us", "nb": "no", "nn": "no"}
"""Languages whose code in these texts differs from ISO 639. [inferred]"""


def readable(text: str, language: str | None = None) -> str:
    """`NO:"…";US:"…"` → the wanted language, else US, else the first; explains `[SR_…]`.

    `language`: the profile's setting, such as `nb-NO` or `US`; None: no preference.
    """
    chosen = _chosen(text, language) if _SEVERAL.fullmatch(text.strip()) else text
    return _RESOURCE.sub(r"\1 (a resource id; no text was sent)", chosen)


def _chosen(text: str, language: str | None) -> str:
    texts: dict[str, str] = {}
    for code, part in _ONE.findall(text):
        texts.setdefault(code.lower(), part)
    wanted = (*_codes(language), _FALLBACK.lower())
    found = (texts[code] for code in wanted if texts.get(code))
    return next(found, next(filter(None, texts.values()), ""))


def _codes(language: str | None) -> tuple[str, ...]:
    """The codes of a language in these texts, the most exact first."""
    whole = (language or "").strip().lower().replace("_", "-")
    parts = whole.split("-")
    return tuple(filter(None, (whole, _OWN_CODES.get(parts[0], ""), *reversed(parts))))
