"""`[[runbook]]` of the config: every mistake is said with its line, its entry and its field."""

from collections.abc import Callable

import pytest

from tests.config.conftest import GOOD, Write
from tests.drivers.command import syncdeck
from tui.config.effective_config import as_toml
from tui.config.runbooks import to_runbooks
from tui.config.validation import validate

TEMU = """
[[runbook]]
when = "message:401 kind:Temu"
text = "Renew the token"
url = "https://wiki.example/temu?page=401#token"
call = "+49 30 1234"
"""
Refused = Callable[..., list[str]]


def test_entries_are_read_in_their_order(write: Write) -> None:
    config = validate(write(text=f'{GOOD}{TEMU}[[runbook]]\nwhen = "locked|off"\ncall = "Jo"\n'))
    first, second = to_runbooks(config)
    assert first.line == (
        "Renew the token · https://wiki.example/temu?page=401#token · call +49 30 1234"
    )
    assert second.item == {"text": None, "url": None, "call": "Jo"}
    shown = as_toml(config)
    assert TEMU.strip() in shown
    assert '[[runbook]]\nwhen = "locked|off"\ncall = "Jo"' in shown


def test_no_control_character_reaches_an_alert_or_the_screen(write: Write) -> None:
    entry = '[[runbook]]\nwhen = "x"\ntext = "a\\u001b[31m\\nb"\n'
    (runbook,) = to_runbooks(validate(write(text=GOOD + entry)))
    assert runbook.line == runbook.item["text"] == "a␛[31m b"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("when = 'chanel:Temu'", "when: 'chanel' is not a field. Fields: kind, name, channel, state"),
        ("when = 'message>5'", "when: 'message' does not support < and >. Fields that do: none"),
        ("when = '(a|b'", "when: a bracket in '(a|b' has no partner"),
        ("when = 'kind:'", "when: kind: has no value: write kind:value"),
        ("when = ' '", 'when: write a filter, such as "message:401 kind:Temu"'),
        ("when = 'x'\nurl = 'wiki/temu'", "url: not a callable URL: it must start with https://"),
        ("when = 'x'\nurl = 'https://a:b@wiki/temu'", "url: a login inside a URL is refused"),
        ("when = 'x'\nurl = 'https://wiki/a b'", "url: not a URL: it contains white space"),
        (f"when = 'x'\ntext = '{'t' * 1001}'", "text: it is too long: write at most 1,000 characters"),
        ("when = 5", "when must be text in quotes"),
        ("when = 'x'\ntxt = 'a'", "unknown key 'txt', did you mean 'text'?"),
        ("when = 'x'\nphone = 'a'", "unknown key 'phone'; known here: when, text, url, call"),
    ],
)
def test_a_mistake_is_named_with_line_entry_and_field(
    refused: Refused, line: str, sentence: str
) -> None:
    """The second of two entries is wrong in its last line; the first is not blamed for it."""
    given = line if "text" in line or "url" in line else f"text = 'a'\n{line}"
    text = f"{GOOD}{TEMU}\n[[runbook]]\n{given}\n"
    (said,) = refused(text=text)
    assert said.startswith(f"config.toml:{len(text.splitlines())}: [[runbook]] 2: {sentence}")


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("[[runbook]]\nwhen = 'x'", "[[runbook]] 1: it says nothing: write text, url or call"),
        ("[[runbook]]\nwhen = 'x'\ntext = ' '", "[[runbook]] 1: it says nothing"),
        ("[[runbook]]\ntext = 'x'", "'when' is missing in [[runbook]] 1"),
        ("[runbook]\nwhen = 'x'", "runbook: write [[runbook]], in double brackets, before each entry"),
        ("[[runbooks]]\nwhen = 'x'", "unknown key 'runbooks', did you mean 'runbook'?"),
    ],
)
def test_a_wrong_entry_is_named_with_what_would_be_right(
    refused: Refused, entry: str, sentence: str
) -> None:
    (said,) = refused(text=f"{GOOD}{entry}\n")
    line = len(GOOD.splitlines()) + 1
    assert said.startswith(f"config.toml:{line}: {sentence}")


def test_a_list_of_texts_is_not_a_list_of_tables(refused: Refused) -> None:
    (said,) = refused(text=f"runbook = ['x']\n{GOOD}")
    assert said == "config.toml:1: [[runbook]] 1: it must be a table"


def test_validate_says_it_and_ends_with_2(write: Write) -> None:
    file = write(text=f"{GOOD}[[runbook]]\nwhen = 'chanel:Temu'\ntext = 'x'\n")
    done = syncdeck("config", "validate", "--config", file.path)
    assert done.code == 2
    assert "[[runbook]] 1: when: 'chanel' is not a field. Fields: kind, name" in done.err
