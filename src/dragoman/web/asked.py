"""Filters in addresses: ``?type=SANCTION&actor=USA&since=2021``, under the names of :class:`Filters`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from dragoman.ledger.asking import Filters
from dragoman.ledger.words import BadQuestion

_TYPES = {field.name: str(field.type) for field in fields(Filters)}
NAMES: tuple[str, ...] = tuple(_TYPES)
"""The names of all filters."""
_TRUE, _FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


def filters_of(given: QueryParams | FormData) -> Filters:
    """The filters among the parameters of an address or form; other parameters are passed over, as are empty ones.

    A filter that takes several values may be given several times, or once with commas between.

    Raises:
        BadQuestion: for a value that there is none of, as :class:`Filters` does.
    """
    return Filters(**{name: value for name in NAMES if (value := _read(name, given)) is not None})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for: the filters that make sense, what was typed, and what is wrong with the rest, by name."""

    filters: Filters
    typed: Mapping[str, tuple[str, ...]]
    wrong: Mapping[str, str]

    def text(self, name: str) -> str:
        """What was typed for a filter, on one line."""
        return ", ".join(self.typed.get(name, ()))

    def chosen(self, name: str) -> tuple[str, ...]:
        """The values of a filter that takes several, as checked; as typed where one of them is wrong."""
        given = getattr(self.filters, name)
        return given if isinstance(given, tuple) and given else self.typed.get(name, ())


def ask(given: QueryParams | FormData) -> Asked:
    """The filters among the parameters of an address or form, those that are wrong told apart; never raises."""
    good: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in NAMES:
        try:
            value = _read(name, given)
            if value is not None:
                Filters(**{name: value})
                good[name] = value
        except BadQuestion as error:
            wrong[name] = str(error)
    try:
        filters = Filters(**good)
    except BadQuestion as error:  # each is right, and since comes after until
        wrong["until"] = str(error)
        filters = Filters(**{name: value for name, value in good.items() if name != "until"})
    return Asked(filters, {name: typed for name in NAMES if (typed := _typed(name, given))}, wrong)


def _typed(name: str, given: QueryParams | FormData) -> tuple[str, ...]:
    return tuple(value.strip() for value in given.getlist(name) if isinstance(value, str) and value.strip())


def _read(name: str, given: QueryParams | FormData) -> Any:
    values = _typed(name, given)
    if not values:
        return None
    kind, last = _TYPES[name], values[-1]
    if kind == "Names":
        return [part.strip() for value in values for part in value.split(",") if part.strip()]
    if kind.startswith("bool"):
        if last.casefold() in _TRUE | _FALSE:
            return last.casefold() in _TRUE
        if last.casefold() == "any" and "None" in kind:
            return None
        raise BadQuestion(f"{name} is yes or no, not {last!r}")
    if kind.startswith(("int", "float")):
        try:
            return int(last) if kind.startswith("int") else float(last)
        except ValueError as error:
            raise BadQuestion(f"{name} is a number, not {last!r}") from error
    return last


def address(path: str, filters: Filters | None = None, **more: Any) -> str:
    """An address with filters, and whatever else is given, as parameters; empty ones are left out."""
    asked: dict[str, Any] = {**(filters.to_dict() if filters else {}), **more}
    pairs = [
        (name, "yes" if value is True else "no" if value is False else str(value))
        for name, values in asked.items()
        for value in (values if isinstance(values, list | tuple) else [values])
        if value not in (None, "")
    ]
    return f"{path}?{urlencode(pairs)}" if pairs else path
