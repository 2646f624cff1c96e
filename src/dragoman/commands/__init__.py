"""The commands of the ledger, one function a verb."""

from __future__ import annotations

import typer

from dragoman.commands import asking, ingesting, judging, keeping, serving, showing, users

_PANEL = "The ledger: many reports, one record of events"
_VERBS = (
    ("ingest", ingesting.ingest),
    ("watch", ingesting.watch),
    ("sources", ingesting.sources),
    ("query", asking.query),
    ("show", showing.show),
    ("dyads", asking.dyads),
    ("stance", asking.stance),
    ("export", asking.export),
    ("correct", judging.correct),
    ("confirm", judging.confirm),
    ("drop", judging.drop),
    ("add", judging.add),
    ("merge", judging.merge),
    ("split", judging.split),
    ("undo", judging.undo),
    ("judgements", judging.judgements),
    ("replay", judging.replay),
    ("recode", keeping.recode),
    ("serve", serving.serve),
)


def register(app: typer.Typer) -> None:
    """Add the commands to ``dragoman``."""
    for name, verb in _VERBS:
        app.command(name, rich_help_panel=_PANEL)(verb)
    app.add_typer(users.app, rich_help_panel=_PANEL)
