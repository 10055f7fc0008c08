"""Classes of values: frozen dataclasses that cost little to define.

`dataclasses` compiles seven methods for each frozen class, in about 0.7 ms, and the console defines two
hundred such classes before its first data. Here a class shares all but its `__init__`, which is compiled
when its first value is made: most have none until then. `replace`, `fields` and `match` work as with any
dataclass. It is the type checker that freezes them; nothing is checked at run time.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[_T]) -> type[_T]:
    """Make `cls` a frozen dataclass with slots; `field` means what it means in any dataclass."""
    for name in ("__eq__", "__hash__", "__repr__"):
        if vars(cls).get(name) is None:
            setattr(cls, name, vars(_Shared)[name])
    # `dataclass` would write a signature as the missing docstring.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made: Any = dataclass(slots=True, init=False, repr=False, eq=False)(cls)
    if "__init__" not in vars(cls):
        made.__init__ = _compiled_when_called(made)
    every = fields(made)
    made._compared = _getter([one.name for one in every if one.compare])
    made._hashed = _getter([one.name for one in every if (one.hash is None and one.compare) or one.hash])
    return made  # type: ignore[no-any-return] # still the class


def _compiled_when_called(cls: Any) -> Callable[..., None]:
    def first(self: object, *args: object, **named: object) -> None:
        cls.__init__ = compiled = _compiled(cls)
        compiled(self, *args, **named)

    return first


def _compiled(cls: Any) -> Callable[..., None]:
    """The `__init__` that `dataclass` would make."""
    every = fields(cls)
    scope: dict[str, Any] = {"_made": object()}
    for one in every:
        scope[f"_of_{one.name}"] = one.default if one.default_factory is MISSING else one.default_factory
    placed = [_parameter(one) for one in every if one.init and not one.kw_only]
    named = [_parameter(one) for one in every if one.init and one.kw_only]
    head = ", ".join(["self", *placed, *(["*", *named] if named else [])])
    body = [_assignment(one) for one in every if one.init or _has_default(one)]
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    exec("\n ".join([f"def __init__({head}):", *(body or ["pass"])]), scope)  # noqa: S102 - names only
    compiled: Callable[..., None] = scope["__init__"]
    compiled.__qualname__ = f"{cls.__qualname__}.__init__"
    return compiled


def _has_default(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


def _parameter(one: Field[Any]) -> str:
    if one.default_factory is not MISSING:
        return f"{one.name}=_made"
    return one.name if one.default is MISSING else f"{one.name}=_of_{one.name}"


def _assignment(one: Field[Any]) -> str:
    """`_of_X` is the default of `X`, or what makes it."""
    made = f"_of_{one.name}" if one.default_factory is MISSING else f"_of_{one.name}()"
    if not one.init:
        return f"self.{one.name} = {made}"
    if one.default_factory is MISSING:
        return f"self.{one.name} = {one.name}"
    return f"self.{one.name} = {made} if {one.name} is _made else {one.name}"


def _getter(names: list[str]) -> Any:
    """Reads these attributes of a value; without names, what all values of the class have in common."""
    return attrgetter(*names) if names else type


class _Shared:
    """The methods that all of them have, unless a class defines its own."""

    _compared: Any
    _hashed: Any

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        read = self._compared
        return bool(read(self) == read(other))

    def __hash__(self) -> int:
        return hash(self._hashed(self))

    @recursive_repr()
    def __repr__(self) -> str:
        shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)  # type: ignore[arg-type] # a dataclass
        return f"{type(self).__qualname__}({', '.join(shown)})"
