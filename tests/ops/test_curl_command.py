"""The curl line as text: readable, quoted by the shell's rules, free of secrets."""

import json
import shlex
import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from tui.api.service import MASK, RequestPreview
from tui.domain.profile import System
from tui.ops.curl_command import curl, variables

HEADERS = (
    ("Authorization", f"Bearer {MASK}"),
    ("x-tenant-id", "5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27"),
    ("Content-Type", "application/json"),
)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


def preview(
    body: object = None,
    *,
    url: str = "https://erp.example/erp/v1/workers/7",
    hidden: frozenset[str] = frozenset(),
) -> RequestPreview:
    text = "" if body is None else json.dumps(body, ensure_ascii=False, indent=2)
    return RequestPreview(System.JTL, "POST", url, HEADERS, text, hidden)


def argv(line: str) -> list[str]:
    """What the shell hands to curl, variables as they stand."""
    return shlex.split(line.replace("\\\n", " "))


def test_the_line_reads_as_the_review_does() -> None:
    assert curl(preview({"Interval": "00:10:00"})) == (
        "curl -i -X POST https://erp.example/erp/v1/workers/7 \\\n"
        '  -H "Authorization: Bearer $JTL_TOKEN" \\\n'
        "  -H 'x-tenant-id: 5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        '  --data-raw \'{"Interval":"00:10:00"}\''
    )


def test_what_is_masked_in_the_body_becomes_a_variable_too() -> None:
    files = {"Manifest": MASK, "Signature": MASK}
    push = preview(files, hidden=frozenset(files))
    assert variables(push) == ("JTL_TOKEN", "JTL_MANIFEST_BASE64", "JTL_SIGNATURE_BASE64")
    assert '"Manifest":"\'"$JTL_MANIFEST_BASE64"\'"' in curl(push)
    handed_over = json.loads(argv(curl(push))[-1])
    assert handed_over == {"Manifest": "$JTL_MANIFEST_BASE64", "Signature": "$JTL_SIGNATURE_BASE64"}


def test_without_a_body_nothing_is_sent_as_one() -> None:
    assert "--data-raw" not in curl(preview())


def test_an_address_with_brackets_is_taken_literally() -> None:
    line = curl(preview(url="https://[2001:db8::1]:8700/erp/v1/workers/7"))
    assert "--globoff 'https://[2001:db8::1]:8700/erp/v1/workers/7'" in line


@given(texts, texts)
def test_whatever_the_body_holds_the_shell_hands_it_over_as_it_is(key: str, value: str) -> None:
    body = {"ExtensionId": value, "Options": [{"Identifier": key, "Value": value}]}
    line = curl(preview(body))
    assert json.loads(argv(line)[-1]) == body


@settings(max_examples=10, deadline=None)
@given(texts)
def test_bash_reads_the_line_without_a_complaint(value: str) -> None:
    done = subprocess.run(
        ["bash", "-n", "-c", curl(preview({"Value": value}))], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_value_that_only_looks_masked_is_sent_as_it_is() -> None:
    update = preview({"Version": MASK})
    assert variables(update) == ("JTL_TOKEN",)
    assert json.loads(argv(curl(update))[-1]) == {"Version": MASK}
