"""A user's own file of actors, written: sorted YAML that reads back as the same rows, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from dragoman.actors.source import Role, Row, own_rows
from dragoman.actors.text import key
from dragoman.gathering.claims import ordered, together

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class CannotAppend(ValueError):
    """A file to which rows cannot be added without loss."""


def plain(row: Row) -> dict[str, Any]:
    """A row as the mapping that a file holds."""
    shown: dict[str, Any] = {}
    [role, *more] = row.roles
    if row.kind == "person":
        shown["name"] = row.names[0]
        if row.names[1:]:
            shown["aliases"] = list(row.names[1:])
    else:
        shown["names"] = list(row.names)
        if row.kind != "body":
            shown["kind"] = row.kind
    shown["country"] = row.country
    if row.after:
        shown["after"] = row.after
    if row.certainty:
        shown["certainty"] = row.certainty
    if row.kind == "person" or more or role.title or role.country:
        shown["roles"] = [_role(r) for r in row.roles]
    else:
        shown.update(_role(role))
    return shown


def _role(role: Role) -> dict[str, str]:
    parts = {"title": role.title, "sector": role.sector, "from": role.start, "to": role.end, "country": role.country}
    return {k: v for k, v in parts.items() if v}


def dump(rows: Iterable[Mapping[str, Any]], head: str = "") -> str:
    """Rows as YAML under ``head``, lines of comment."""
    listed = [dict(r) for r in rows]
    text: str = yaml.dump(
        listed, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, default_flow_style=False, width=110
    )
    return head + text


def write(path: Path, text: str) -> None:
    """Put ``text`` in the place of ``path`` at once: a run that fails leaves what was there. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        # A temporary file is its owner's alone; the result has the rights of any file.
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def head_of(path: Path) -> str:
    """The comment at the beginning of a file. Raises CannotAppend for one with comments elsewhere."""
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    at = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    if any(line.lstrip().startswith("#") for line in lines[at:]):
        raise CannotAppend(
            f"{path}: has comments between its rows, which --append would lose: write to another --out "
            "and give both with --actors"
        )
    return "".join(lines[:at])


def appended(path: Path, rows: Iterable[Row]) -> list[Row]:
    """The rows of ``path`` with ``rows`` added; those of one name, kind and country become one.

    Raises SourceError when ``path`` is no file of actors.
    """
    merged: dict[tuple[str, str, str | None], Row] = {}
    for row in [*own_rows(path), *rows]:
        place = (row.kind, key(row.names[0]), row.country)
        old = merged.get(place)
        if old is None:
            merged[place] = row
            continue
        names = {key(n): n for n in reversed((*old.names, *row.names))}
        first = old.names[0]
        others = sorted(n for k, n in names.items() if k != key(first))
        merged[place] = replace(
            old,
            names=(first, *others),
            roles=tuple(together(row.roles, old.roles)),
            after=old.after or row.after,
            certainty=old.certainty,
        )
    return ordered(merged.values())
