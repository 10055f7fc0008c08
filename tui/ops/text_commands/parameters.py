"""The settings of each operation, for `run --set`, `:`, completion and help."""

from tui.domain.jtl.workers import Worker
from tui.ops.operations.kinds import kind_for
from tui.ops.operations.operation import Operation
from tui.ops.targets.lookup import Target
from tui.ops.text_commands.setting import ANY_OPTION, Setting, of_option


def parameters_of(operation: Operation) -> tuple[Setting, ...]:
    """The declared settings; `OPTION` stands for all options of a sync."""
    kind = kind_for(operation.id)
    return () if kind is None else kind.parameters(operation.id)


def settings_for(operation: Operation, target: Target | None = None) -> tuple[Setting, ...]:
    """The settings, with the options of `target` in place of `OPTION`."""
    declared = parameters_of(operation)
    fixed = tuple(setting for setting in declared if setting.name != ANY_OPTION)
    if len(fixed) == len(declared) or not isinstance(target, Worker) or target.sync is None:
        return fixed
    return (*fixed, *map(of_option, target.sync.options))
