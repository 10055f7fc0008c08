"""Which methods of its base a screen may replace."""

from collections.abc import Collection


def refuse_overrides(cls: type, base: type, hooks: Collection[str]) -> None:
    """Raises TypeError: a method of `cls` has the name of one of `base` that is not a hook, and would
    replace it, as a handler called `pause` replaces Textual's."""
    for name, member in vars(cls).items():
        is_method = callable(member) or isinstance(member, property)
        is_free = name.startswith(("__", "on_")) or name in hooks or not hasattr(base, name)
        if is_method and not is_free:
            raise TypeError(f"{cls.__name__}.{name} would replace {base.__name__}.{name}")
