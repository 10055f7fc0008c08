"""The appendix of `run --help`: its exit codes, where values come from, and each operation with its
settings, read from the operation table."""

from collections.abc import Iterator

from tui.ops.operations.names import last_part, words_for
from tui.ops.operations.registry import writes
from tui.ops.text_commands.proposal_from_text import parameters_of

_CODES = """results: applied, accepted, unchanged, not applied, failed, refused, conflict, unknown,
not sent
exit codes: 0 every target is applied or unchanged, or accepted where no effect can be seen or with
--no-wait (with --wait run only if the first run of each target ended well), 1 anything else, or the
audit trail could not record it, 2 refused: nothing was sent, 3 unreachable, 4 login refused or
permission missing, 5 unexpected response, 128+n ended by signal n; of several 4, 3, 5, 2, 1 wins"""


_VALUES = """values: --set "API password=@FILE" takes an option's value from a file or a pipe: one line
of at most 65,536 bytes, without the line break at its end. --set "API password=-" takes a secret from
standard input. @@ begins a text that itself begins with @. A secret that is written on the command
line is visible to other users. keys, external and file take @FILE and - too; there one line is one
key. Where lines gave more keys than lines, --yes counts only together with --set expect_keys=N"""


def appendix() -> str:
    return f"{_CODES}\n\n{_VALUES}\n\n{operations()}"


def operations() -> str:
    return "\n".join(("operations:", *_lines()))


def _lines() -> Iterator[str]:
    words = words_for(writes())
    for operation in writes():
        # A short name that several operations share is not accepted, so it is not printed.
        short = last_part(operation) if last_part(operation) in words else ""
        yield f"  {short:<15}{operation.id}: {operation.help}"
        for setting in parameters_of(operation):
            needed = " Required." if setting.required else ""
            yield f"  {'':<15}  {setting.example}  {setting.help}{needed}"
