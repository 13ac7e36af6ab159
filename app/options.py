"""A command's options, read off a dataclass of the engine's: one for each of its fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import typer


def with_options(
    function: Callable[..., None],
    dataclass: type,
    choices: Mapping[str, Sequence[str]],
    ranges: Mapping[str, Sequence[float]],
    texts: Mapping[str, str],
) -> Callable[..., None]:
    """``function``, which takes fields of ``dataclass`` as ``**given``, as Typer reads a command.

    Its own parameters come first; ``texts`` says what a field holds that is neither a choice nor a
    number.
    """
    own = [each for each in signature(function).parameters.values() if each.name != "given"]
    parameters = [each.replace(annotation=function.__annotations__[each.name]) for each in own]
    names = {each.name for each in own}
    for field in fields(dataclass):
        name = field.name
        if name in names:
            continue
        says = (
            ", ".join(choices.get(name, ())) or texts.get(name) or "{} to {}".format(*ranges[name])
        )
        option: Any = Annotated[type(field.default), typer.Option(help=says)]
        parameters.append(
            Parameter(name, Parameter.KEYWORD_ONLY, default=field.default, annotation=option)
        )

    def command(**given: Any) -> None:
        function(**given)

    command.__doc__ = function.__doc__
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    command.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return command
