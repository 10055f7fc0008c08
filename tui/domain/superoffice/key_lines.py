"""Reads one line of a key list as exactly one whole key. Pure.

Invariant: a line that may be anything else, such as a range, a phone number, two columns or a
formatted number, gives a reason and no key. Quotes follow CSV: a pair around the key is not part of it,
and a doubled quote inside means one.
"""

import re
import unicodedata

LARGEST_KEY = 2_147_483_647
"""Internal keys are Int32 (superoffice PROTOCOL §5)."""
LONGEST_EXTERNAL = 254
"""Characters of an external key: the width of ErpKey (superoffice PROTOCOL §16)."""
_SHOWN = 40
_UNDECODED = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_UNSEEN_CATEGORIES = frozenset({"Cf", "Zl", "Zp", "Zs"})
_UNSEEN = re.compile("[\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]")
"""Invisible characters beside those categories: a key with one looks like another key."""
_PAIRS = frozenset({"''", "“”", "„“", "„”", "‘’", "‚‘", "‚’", "«»", "»«", "‹›", "›‹"})
"""Quotes around values, beside those of CSV."""
_QUOTES = frozenset("".join(_PAIRS) + '"')
_CSV_FIELD = re.compile(r'"(?:[^"]|"")*"')
_SEPARATORS = re.compile(r"[,;|]| {2,}")
_RANGE = re.compile(r"[0-9]+ *[-–—/] *[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.,' ’][0-9]{3})+")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_EXPONENT = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")


class NotOneKey(ValueError):
    """A line that is not one key; the message is the reason.

    `kind` is the same for every line with this fault, such as `not a number`.
    """

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


def internal_line(text: str) -> int:
    """The whole line as an ErpInternalKey id; surrounding white space is ignored.

    Raises NotOneKey: it is anything else.
    """
    bare, _ = unquoted(checked(text))
    return internal_key(bare.strip(" "))


def internal_key(text: str) -> int:
    """The id that is all of `text`, without white space and quotes.

    Raises NotOneKey: it is anything else.
    """
    if not (text.isascii() and text.isdecimal()):
        raise NotOneKey(*_not_a_number(text))
    if text[0] == "0" and len(text) > 1:
        raise NotOneKey("a leading zero", f"{quoted(text)} has a leading zero: not an ErpInternalKey id")
    if len(text) > len(str(LARGEST_KEY)) or not 1 <= int(text) <= LARGEST_KEY:
        raise NotOneKey("out of range", f"{short(text)}: keys are numbers from 1 to {LARGEST_KEY}")
    return int(text)


def _not_a_number(text: str) -> tuple[str, str]:
    """The kind of fault, and the sentence."""
    cited = quoted(text)
    if not text:
        return "an empty value", "an empty value is not a key"
    if text[0] in "+-−" and text[1:].strip(" ").isdecimal():
        return "a sign", f"{cited} has a sign: keys are numbers without one"
    for pattern, kind, what in (
        (_RANGE, "a range or phone number", "is a range or a phone number, not one key"),
        (
            _GROUPED,
            "a number with separators",
            "is a number with separators or several keys, not one key",
        ),
        (
            _EXPONENT,
            "a number with an exponent",
            "is a number with an exponent: a spreadsheet may have shortened it",
        ),
        (_DECIMAL, "a decimal number", "is a decimal number, not a key"),
    ):
        if pattern.fullmatch(text):
            return kind, f"{cited} {what}"
    if any(one.isdecimal() and not one.isascii() for one in text):
        return "digits other than 0-9", f"{cited} has digits other than 0-9"
    values = [part for part in re.split("[,;| ]+", text) if part]
    if len(values) > 1 and (re.search("[,;|]", text) or any(part[0].isdigit() for part in values)):
        return "several values", f"{cited} has {len(values)} values or columns: one line is one key"
    if text.strip(",;| ").isdecimal():
        return "a separator", f"{cited} has a separator beside the key: one line is one key"
    return "not a number", f"{cited} is not a number"


def external_line(text: str) -> str:
    """The whole line as a key of the ERP; surrounding white space is ignored.

    Raises NotOneKey: it may be several columns or keys, has invisible characters, or is too long.
    """
    whole = checked(text)
    bare, was_quoted = unquoted(whole)
    if not was_quoted:
        _require_one_column(whole)
    return external_key(bare)


def external_key(text: str) -> str:
    """The same for `text` without quotes.

    Raises NotOneKey: it is empty, begins or ends with white space, or is too long.
    """
    if not text.strip(" "):
        raise NotOneKey("an empty value", "an empty value is not a key")
    if text != text.strip(" "):
        raise NotOneKey("blanks in the quotes", f"{quoted(text)} has blanks inside of its quotes")
    if len(text) > LONGEST_EXTERNAL:
        too_long = f"longer than {LONGEST_EXTERNAL} characters"
        raise NotOneKey(too_long, f"{quoted(text)} is {too_long}")
    return text


def _require_one_column(text: str) -> None:
    if _SEPARATORS.search(text) is None:
        return
    ends = text.strip(",;| ")
    if ends != text and _SEPARATORS.search(ends) is None:
        raise NotOneKey(
            "a separator", f"{quoted(text)} has a separator beside the key: one line is one key"
        )
    count = len([part for part in _SEPARATORS.split(text) if part])
    what = f"may be {count} keys or one with a comma"
    if _SEPARATORS.sub("", text) != text.replace(",", ""):
        what = f"has {count} columns or keys"
    way_out = "write one key per line, in double quotes if it contains a separator"
    raise NotOneKey("several columns", f"{quoted(text)} {what}: {way_out}")


def checked(text: str) -> str:
    """The line without surrounding white space.

    Raises NotOneKey: it has undecodable or invisible characters, or a tab.
    """
    text = text.strip(" ")
    if _UNDECODED.search(text):
        raise NotOneKey("not UTF-8", "it is not UTF-8 text")
    if "\t" in text:
        raise NotOneKey("a tab", f"{quoted(text)} has a tab, a column separator: one line is one key")
    if _CONTROL.search(text):
        raise NotOneKey("a control character", "it has a control character")
    if not text.isascii() and any(map(_is_unseen, text)):
        seen = f"{short(text)!a} has an invisible character"
        raise NotOneKey("an invisible character", seen)
    return text


def _is_unseen(character: str) -> bool:
    unseen = unicodedata.category(character) in _UNSEEN_CATEGORIES and character != " "
    return unseen or _UNSEEN.match(character) is not None


def unquoted(text: str) -> tuple[str, bool]:
    """The text without its pair of quotes, and whether there was one.

    Raises NotOneKey: it has a quote at one end only.
    """
    if _CSV_FIELD.fullmatch(text):
        return text[1:-1].replace('""', '"'), True
    if not text or not (text[0] in _QUOTES or text[-1] in _QUOTES):
        return text, False
    inner = text[1:-1]
    if len(text) > 1 and text[0] + text[-1] in _PAIRS and not set(inner) & {text[0], text[-1]}:
        return inner, True
    columns = [part for part in split(text) if part]
    if len(columns) > 1:
        raise NotOneKey(
            "several columns",
            f"{quoted(text)} has {len(columns)} columns: keep the one column with the keys",
        )
    raise NotOneKey("an open quote", f"{quoted(text)} has a quote at one end only")


def split(text: str, separators: str = ",;|") -> list[str]:
    """The parts between separators outside double quotes."""
    parts, start, inside = [], 0, False
    for place, character in enumerate(text):
        if character == '"' and (inside or not text[start:place].strip(" ")):
            inside = not inside
        elif character in separators and not inside:
            parts.append(text[start:place].strip(" "))
            start = place + 1
    return [*parts, text[start:].strip(" ")]


def quoted(text: str) -> str:
    """Quoted and shortened, for a sentence."""
    return repr(short(text))


def short(text: str) -> str:
    """Shortened, for a sentence."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
