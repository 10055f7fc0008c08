"""Texts of a SuperOffice tenant in readable form: one of several languages, and resource ids.

Source: superoffice PROTOCOL §3. A text in neither form does not change. Pure.
"""

import re

_PART = re.compile(r'(?:\A|"\s*;?\s*)([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?):"')
"""Where a language begins: at the start, or after the end of another, with or without a separator."""
_RESOURCE = re.compile(r"\[(SR_[A-Za-z0-9_.:-]{1,120})\]")
_FALLBACK = "US"
_OWN_CODES = {"de": "ge", "sv": "sw", "en": "us", "nb": "no", "nn": "no"}
"""Languages whose code in these texts differs from ISO 639. [inferred]"""


def readable(text: str, language: str | None = None) -> str:
    """`NO:"…";US:"…"` → the wanted language, else US, else the first; explains `[SR_…]`. The separator
    may be missing, and a text may have quotes.

    `language`: the profile's setting, such as `nb-NO` or `US`; None: no preference.
    """
    texts = _texts(text.strip())
    chosen = _chosen(texts, language) if texts else text
    return _RESOURCE.sub(r"\1 (a resource id; no text was sent)", chosen)


def _texts(text: str) -> dict[str, str]:
    """The texts by their language, the first of each; empty if it is not in that form."""
    parts = list(_PART.finditer(text))
    if not parts or parts[0].start() > 0:
        return {}
    last = text.removesuffix(";").rstrip()
    if not last.endswith('"') or len(last) <= parts[-1].end():
        return {}
    ends = (*(part.start() for part in parts[1:]), len(last) - 1)
    texts: dict[str, str] = {}
    for part, end in zip(parts, ends, strict=True):
        texts.setdefault(part[1].lower(), text[part.end() : end])
    return texts


def _chosen(texts: dict[str, str], language: str | None) -> str:
    wanted = (*_codes(language), _FALLBACK.lower())
    found = (texts[code] for code in wanted if texts.get(code))
    return next(found, next(filter(None, texts.values()), ""))


def _codes(language: str | None) -> tuple[str, ...]:
    """The codes of a language in these texts, the most exact first."""
    whole = (language or "").strip().lower().replace("_", "-")
    parts = whole.split("-")
    return tuple(filter(None, (whole, _OWN_CODES.get(parts[0], ""), *reversed(parts))))
