"""The codebook in words, for ``dragoman codebook``."""

from __future__ import annotations

import difflib
import textwrap

from . import CONTEXTS, COUNTRIES, MODES, SECTORS, TYPES, from_cameo, to_cameo
from .model import QUADS, CameoCode, Country, EventType, Mode

WIDTH = 88


def describe(word: str | None = None) -> str:
    """See ``dragoman.codebook.describe``."""
    if word is None or not word.strip():
        return _everything()
    asked = word.strip()
    if asked.isdigit():
        try:
            return _cameo(from_cameo(asked))
        except ValueError as error:
            raise LookupError(str(error)) from None
    parts = asked.replace("/", " ").replace(".", " ").split()
    if len(parts) == 2 and parts[0].upper() in TYPES and parts[1].lower() in MODES[parts[0].upper()]:
        return _mode(MODES[parts[0].upper()][parts[1].lower()])
    found = _find(asked)
    if not found:
        raise LookupError(_unknown(asked))
    return "\n\n".join(found)


def _find(asked: str) -> list[str]:
    """Every meaning of the word: ``arrest`` is a mode of two types, ``MIL`` a sector only."""
    upper, lower = asked.upper(), asked.lower()
    found = []
    if upper in TYPES:
        found.append(_type(TYPES[upper]))
    dashed = lower.replace(" ", "-").replace("_", "-")
    found += [_mode(modes[dashed]) for modes in MODES.values() if dashed in modes]
    under = lower.replace(" ", "_").replace("-", "_")
    if under in CONTEXTS:
        found.append(f"{under} — context\n{_wrap(CONTEXTS[under].definition)}")
    for sector in SECTORS.values():
        if upper == sector.code or lower == sector.name.lower():
            found.append(f"{sector.code} — sector: {sector.name}\n{_wrap(sector.definition)}")
    found += [_country(c) for c in COUNTRIES.values() if upper == c.code or lower == c.name.lower()]
    return found


def _wrap(text: str, indent: str = "  ") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _item(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _row(head: str, text: str, width: int) -> str:
    lead = f"  {head:<{width}}  "
    return textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))


def _type(kind: EventType) -> str:
    lines = [f"{kind.name} — {kind.quad_name}, score {kind.score:+g}, CAMEO {to_cameo(kind.name)}"]
    lines.append(_wrap(kind.definition))
    if kind.note:
        lines += ["", "Note", _wrap(kind.note)]
    if kind.modes:
        lines += ["", "Modes"]
        width = max(map(len, kind.modes))
        for mode in kind.modes.values():
            own = f" (score {mode.score:+g})" if mode.score is not None else ""
            lines.append(_row(mode.name, f"{to_cameo(kind.name, mode.name):<4} {mode.definition}{own}", width))
    if kind.boundaries:
        lines += ["", "Not this"]
        for b in kind.boundaries:
            lines.append(_item(f"{b.what}: {b.instead or 'no record of this type'}"))
    if kind.examples:
        lines += ["", "For example", *map(_item, kind.examples)]
    return "\n".join(lines)


def _mode(mode: Mode) -> str:
    own = f"score {mode.score:+g}" if mode.score is not None else f"score of {mode.type}"
    head = f"{mode.name} — mode of {mode.type}, {own}, CAMEO {to_cameo(mode.type, mode.name)}"
    return f"{head}\n{_wrap(mode.definition)}"


def _country(country: Country) -> str:
    if country.part_of:
        state = COUNTRIES[country.part_of]
        return f"{country.code} — {country.name}, coded as {state.code}, {state.name}"
    if country.definition:
        return f"{country.code} — {country.name}\n{_wrap(country.definition)}"
    return f"{country.code} — {country.name}"


def _cameo(meaning: CameoCode) -> str:
    if meaning.type is None:
        return f"CAMEO {meaning.code} — no record: {meaning.why}"
    text = f"CAMEO {meaning.code} — {meaning.type}"
    if meaning.modes:
        text += f", mode {' or '.join(meaning.modes)}"
    if meaning.contexts:
        text += f", context {', '.join(meaning.contexts)}"
    return text


def _unknown(asked: str) -> str:
    names = {name.lower(): name for name in (*TYPES, *CONTEXTS, *SECTORS, *COUNTRIES)}
    names |= {mode: mode for modes in MODES.values() for mode in modes}
    names |= {c.name.lower(): c.name for c in COUNTRIES.values()}
    names |= {s.name.lower(): s.name for s in SECTORS.values()}
    if len(asked) > 4:  # a code of three letters is near to too many words to be what was meant
        names = {key: name for key, name in names.items() if len(key) > 3}
    near = difflib.get_close_matches(asked.lower(), list(names), n=3, cutoff=0.6)
    if near:
        return f"the codebook has no {asked!r}; did you mean {' or '.join(names[n] for n in near)}?"
    return f"the codebook has no {asked!r}; without a word, it lists everything"


def _everything() -> str:
    lines = []
    for quad, title in QUADS.items():
        lines.append(title.capitalize())
        for kind in TYPES.values():
            if kind.quad == quad:
                lines.append(_row(kind.name, ", ".join(kind.modes) or "no modes", 9))
    lines += ["", f"Contexts ({len(CONTEXTS)})", _wrap(", ".join(CONTEXTS))]
    lines += [
        "",
        f"Sectors ({len(SECTORS)})",
        _wrap(", ".join(f"{s.code} {s.name}" for s in SECTORS.values())),
    ]
    beyond = [f"{c.code} {c.name}" for c in COUNTRIES.values() if c.kind == "international"]
    lines += ["", "Countries by ISO 3166-1 alpha-3, and beyond states", _wrap(", ".join(beyond))]
    return "\n".join(lines)
