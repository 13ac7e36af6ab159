"""Reads the settings from the environment and the command line."""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import to_json
from pydantic_settings import SettingsError

from unrolled.app.settings import Settings

_PREFIX = "UNROLLED_"
_LIST = re.compile(r'field "(\w+)"')


class SettingError(ValueError):
    """An invalid setting; the message names it, its value and the remedy."""


def settings_of(given: Mapping[str, Any]) -> Settings:
    """Return the settings ``given`` as options, and the others from the environment."""
    try:
        return _possible(Settings(**given))
    except ValidationError as error:
        wrong = {each["loc"][0]: _said(each, given) for each in error.errors()}
        raise SettingError("\n".join(wrong.values())) from None
    except SettingsError as error:
        found = _LIST.search(str(error))
        if not found:
            raise
        variable = _variable(found[1], Settings.model_fields[found[1]])
        raise SettingError(
            f'{variable} must be a list as JSON writes it, such as ["one", "other"], '
            f"got {_value(variable)}"
        ) from None


def _possible(settings: Settings) -> Settings:
    """Return settings that this installation can serve; raises ``SettingError``."""
    if settings.processes > 1 and settings.redis is None:
        raise SettingError(
            f"{settings.processes} workers would each have rooms of their own, in which a class "
            "does not meet: name the Redis that they share, such as "
            "UNROLLED_REDIS=redis://127.0.0.1, or serve with one"
        )
    if settings.redis is not None and find_spec("redis") is None:
        raise SettingError(
            "UNROLLED_REDIS needs a package that is not installed: "
            "install it with pip install 'unrolled[redis]', or leave the setting out"
        )
    return settings


def unknown() -> Iterator[str]:
    """Yield a warning for each variable that looks like a setting but is unknown.

    They are not errors: container hosts derive such names from the name of a service.
    """
    known = {_variable(name, field) for name, field in Settings.model_fields.items()}
    allowed = {each.upper() for each in known} | {
        f"{_PREFIX}{name}".upper() for name in Settings.model_fields
    }
    for name in sorted(os.environ):
        if name.upper().startswith(_PREFIX) and name.upper() not in allowed:
            near = get_close_matches(name.upper(), known, 1)
            remedy = f"did you mean {near[0]}?" if near else "the README lists those there are."
            yield f"There is no setting {name}, so it changes nothing: {remedy}"


def _said(problem: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return an error of pydantic as a sentence."""
    asked = str(problem["loc"][0])
    (name,) = (
        name
        for name, field in Settings.model_fields.items()
        if asked.lower() in (name, str(field.validation_alias).lower())
    )
    field = Settings.model_fields[name]
    option = "workers" if name == "processes" else name.replace("_", "-")
    called = f"--{option}" if name in given else _variable(name, field)
    usual = "" if field.default is None else f" for {to_json(field.default).decode()}"
    about = str(field.description).rstrip(".")
    wrong = re.sub(r"^(Value error, |Input |Path |String )", "", problem["msg"])
    if problem["type"] == "string_pattern_mismatch":
        wrong = "has another form"
    return (
        f"{called} ({about[0].lower()}{about[1:]}) {wrong}, got {problem['input']!r}: "
        f"change it, or leave it out{usual}"
    )


def _variable(name: str, field: FieldInfo) -> str:
    """Return the environment variable of a setting."""
    return str(field.validation_alias or f"{_PREFIX}{name.upper()}")


def _value(variable: str) -> str:
    """Return an environment variable, whose name may be in upper or lower case."""
    return next(text for name, text in os.environ.items() if name.upper() == variable.upper())
