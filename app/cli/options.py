"""Command options made from a dataclass of the engine, one for each field."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import typer

from unrolled.app.texts import typed
from unrolled.engine.validation import values_of


def with_options(
    function: Callable[..., None],
    defaults: Any,
    choices: Mapping[str, Sequence[str]],
    ranges: Mapping[str, Sequence[float]],
    texts: Mapping[str, str],
    without: Collection[str] = (),
) -> Callable[..., None]:
    """Return ``function``, which takes fields of a dataclass as ``**given``, as a command.

    Its own parameters come first, then the fields of ``defaults`` except those in ``without``. It
    receives only the fields that were typed. ``texts`` are help texts for fields that are neither a
    choice nor a number, and additions for others.
    """
    own = [each for each in signature(function).parameters.values() if each.name != "given"]
    parameters = [each.replace(annotation=function.__annotations__[each.name]) for each in own]
    names = {each.name for each in own}
    for field in values_of(defaults):
        name, default = field.name, getattr(defaults, field.name)
        if name in names or name in without:
            continue
        held = "{} to {}".format(*ranges[name]) if name in ranges else ""
        says = "; ".join(filter(None, (", ".join(choices.get(name, ())), held, texts.get(name))))
        kind: Any = type(default)
        usual = str(default) if default != "" and field.default is not None else ""
        option: Any = Annotated[kind | None, option_of(kind, says, usual)]
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=option))

    def command(**given: Any) -> None:
        said = {name: value for name, value in given.items() if value is not None or name in names}
        function(**said)

    command.__doc__ = function.__doc__
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return command


def option_of(kind: type, says: str, usual: str = "") -> Any:
    """Return an option whose value is validated later, by the engine."""
    return typer.Option(
        help=says,
        parser=partial(typed, kind=kind),
        metavar=f"<{kind.__name__}>",
        show_default=usual or True,
    )
