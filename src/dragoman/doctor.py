"""What is installed, which model and data, what is missing and the fix."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata


@dataclass(frozen=True, slots=True)
class Check:
    """One finding; ``fix`` is what to do about it, empty when all is well."""

    name: str
    found: str
    fix: str = ""


def checks() -> list[Check]:
    """All findings, in a fixed order. Raises nothing: whatever is broken is a finding."""
    rows = [_python(), *_packages()]
    for name, probe in (
        ("English model", _model),
        ("codebook", _codebook),
        ("lexicon", _lexicon),
        ("actor register", _register),
        ("gazetteer", _gazetteer),
        ("a test sentence", _sentence),
    ):
        rows.append(_probe(name, probe))
    return rows


def _python() -> Check:
    fix = "" if sys.version_info >= (3, 11) else "install Python 3.11 or newer"
    return Check("Python", platform.python_version(), fix)


def _packages() -> Iterator[Check]:
    """Dragoman and each package that it requires, as its own metadata lists them."""
    try:
        yield Check("dragoman", metadata.version("dragoman"))
        needed = metadata.requires("dragoman") or []
    except metadata.PackageNotFoundError:
        yield Check("dragoman", "not installed as a package", "pip install dragoman")
        return
    for line in needed:
        requirement, _, condition = line.partition(";")
        if "extra" in condition:
            continue
        name = re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Check(name, "missing", f"pip install '{requirement.strip()}'")
            continue
        fits = _fits(requirement, found)
        yield Check(
            name,
            found if fits else f"{found}, not the version needed",
            "" if fits else f"pip install '{requirement.strip()}'",
        )


def _fits(requirement: str, found: str) -> bool:
    try:
        # spaCy brings it; without spaCy the row for spaCy says what to do.
        from packaging.requirements import Requirement
    except ImportError:
        return True
    return Requirement(requirement).specifier.contains(found, prereleases=True)


def _probe(name: str, probe: Callable[[], str]) -> Check:
    try:
        return Check(name, probe())
    except ImportError as error:
        return Check(name, f"cannot be loaded ({error})", f"pip install {error.name or 'dragoman'}")
    except Exception as error:  # a doctor reports what is broken, whatever it is
        found = f"broken ({type(error).__name__}: {error})"
        return Check(name, found, "pip install --force-reinstall dragoman")


def _model() -> str:
    from dragoman import language

    meta = language.load().meta
    return f"{meta['lang']}_{meta['name']} {meta['version']}"


def _codebook() -> str:
    from dragoman import codebook

    counts = {
        "types": len(codebook.TYPES),
        "modes": sum(len(t.modes) for t in codebook.TYPES.values()),
        "contexts": len(codebook.CONTEXTS),
        "sectors": len(codebook.SECTORS),
        "countries and bodies": len(codebook.COUNTRIES),
    }
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _lexicon() -> str:
    from dragoman.extraction import lexicon

    return f"{sum(len(rows) for rows in lexicon.load().values()):,} predicates and nominal triggers"


def _register() -> str:
    from dragoman import actors
    from dragoman.actors.register import load

    if actors.resolve("the Kremlin").country != "RUS":
        raise ValueError("the Kremlin is not found in it")
    return f"{len(load().entries()):,} entries"


def _gazetteer() -> str:
    from dragoman import places

    place = places.resolve("Nairobi")
    if place is None or place.country != "KEN":
        raise ValueError("Nairobi is not found in it")
    return "resolves toponyms"


def _sentence() -> str:
    from dragoman.coder import Coder
    from dragoman.record import Document

    coded = Coder().code(Document(text="Kenya's president visited Ethiopia on Monday.", published="2024-05-15"))
    if not any(e.type == "CONSULT" for e in coded.events):
        raise ValueError("a plain visit is not coded")
    return f"{len(coded.events)} event coded"
