"""Which locale the operator gave, whatever Python makes of it."""

import subprocess
import sys

import pytest

ASK = "from tui.startup.encoding import shows_utf8; print(shows_utf8())"


@pytest.mark.parametrize(
    ("locale", "shows"),
    [
        ({}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "POSIX"}, False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, False),
        ({"LC_CTYPE": "de_DE.ISO-8859-1", "LANG": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE@euro"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LC_ALL": "C", "PYTHONUTF8": "1"}, False),
        ({"LANG": "C", "PYTHONCOERCECLOCALE": "1"}, False),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "", "LANG": "de_AT.utf8"}, True),
        ({"LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_CTYPE": "UTF-8", "LANG": "C"}, True),
    ],
)
def test_the_first_that_is_set_decides(locale: dict[str, str], shows: bool) -> None:
    done = subprocess.run([sys.executable, "-c", ASK], env=locale, capture_output=True, text=True)
    assert done.stdout.strip() == str(shows), done.stderr
