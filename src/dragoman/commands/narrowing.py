"""Options that say which events are asked for, the same for every command that asks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from functools import wraps
from typing import Annotated, Any

import typer

_LIST = list[str] | None


def _several(help: str, *names: str) -> Any:
    return Annotated[_LIST, typer.Option(*names, help=help, show_default=False)]


def _one(kind: Any, help: str, *names: str, **more: Any) -> Any:
    return Annotated[kind, typer.Option(*names, help=help, show_default=False, **more)]


_OPTIONS: dict[str, tuple[Any, Any]] = {
    "actor": (_several("Countries of who acts: codes, names or adjectives."), None),
    "recipient": (_several("Countries of who is acted upon; with --actor, who acts towards whom."), None),
    "party": (_several("Countries of either side."), None),
    "actor_sector": (_several("Sectors of who acts, such as GOV."), None),
    "recipient_sector": (_several("Sectors of who is acted upon."), None),
    "actor_name": (_one(str | None, "Words that who acts is named with."), None),
    "recipient_name": (_one(str | None, "Words that who is acted upon is named with."), None),
    "party_name": (_one(str | None, "Words that either side is named with, such as 'Arakan Army'."), None),
    "type": (_several("Types, such as SANCTION."), None),
    "mode": (_several("Modes, such as expel."), None),
    "context": (_several("Contexts, such as nuclear."), None),
    "since": (_one(str | None, "The first day asked for: 2021, 2021-03 or 2021-03-14."), None),
    "until": (_one(str | None, "The last day, in the same form."), None),
    "place": (_several("Countries where it happened."), None),
    "state": (_several("reported, corroborated, disputed or retracted."), None),
    "factuality": (_several("actual, future, hypothetical or negated."), None),
    "historical": (_one(bool | None, "Only background, or none of it.", "--historical/--no-historical"), None),
    "claimed_by": (_several("Countries on whose word alone it rests."), None),
    "denied_by": (_several("Countries that deny it."), None),
    "min_sources": (_one(int, "At least so many independent sources.", min=0), 0),
    "min_confidence": (_one(float | None, "At least this confidence.", min=0.0, max=1.0), None),
    "dated_only": (_one(bool, "Leave out events without a date of their own.", "--dated-only"), False),
    "report": (_one(str | None, "Events that a report tells, by its id."), None),
}
_PANEL = "Which events"


def narrowed(*, without: Collection[str] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command whose parameter ``filters`` is made of options, but for those ``without``.

    The command gets what was given as a dictionary of arguments for :class:`dragoman.ledger.asking.Filters`.
    """

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True)
        names = [name for name in _OPTIONS if name not in without]

        @wraps(command)
        def run(**given: Any) -> None:
            filters = {name: value for name in names if (value := given.pop(name)) is not None}
            command(filters=filters, **given)

        options = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_grouped(kind))
            for name, (kind, default) in _OPTIONS.items()
            if name in names
        ]
        kept = [p.replace(kind=p.KEYWORD_ONLY) for name, p in own.parameters.items() if name != "filters"]
        parameters = [*kept, *options]
        run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        return run

    return decorated


def _grouped(kind: Any) -> Any:
    kind.__metadata__[0].rich_help_panel = _PANEL
    return kind
