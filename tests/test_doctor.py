"""What the doctor finds, and the fix that goes with it."""

from __future__ import annotations

from importlib import metadata
from typing import Any

import pytest

from dragoman import doctor

WHATS = ("Python", "dragoman", "spacy", "English model", "codebook", "lexicon", "actor register", "gazetteer")


def rows() -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.checks()}


def test_all_is_well_here() -> None:
    found = rows()
    assert set(WHATS) <= set(found)
    assert {check.name: check.fix for check in found.values() if check.fix} == {}
    assert "16 types" in found["codebook"].found
    assert found["spacy"].found == metadata.version("spacy")
    assert found["dragoman"].found == metadata.version("dragoman")


def test_what_only_an_extra_needs_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: ["rich>=13", 'no-such>=1; extra == "dev"'])
    assert "no-such" not in rows()


@pytest.mark.parametrize(
    ("requirement", "found", "fix"),
    [
        ("no-such-package-here>=1", "missing", "pip install 'no-such-package-here>=1'"),
        ("rich>=13000", "not the version needed", "pip install 'rich>=13000'"),
        ("rich<1", "not the version needed", "pip install 'rich<1'"),
        ("rich", "", ""),
        ("rich[jupyter]>=13", "", ""),
    ],
)
def test_packages_missing_or_of_a_wrong_version_have_a_fix(
    requirement: str, found: str, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: [requirement])
    row = next(check for name, check in rows().items() if name in requirement and name != "Python")
    assert found in row.found
    assert row.fix == fix


def test_what_is_broken_is_a_finding_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    import dragoman.places
    from dragoman import language

    def no_model() -> Any:
        raise RuntimeError("the English model is not installed")

    monkeypatch.setattr(language, "load", no_model)
    monkeypatch.setattr(dragoman.places, "resolve", lambda _: None)
    found = rows()
    assert "not installed" in found["English model"].found
    assert found["English model"].fix
    assert "Nairobi" in found["gazetteer"].found
    assert found["gazetteer"].fix
    assert not found["codebook"].fix


def test_a_module_that_is_missing_is_named_in_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy")

    monkeypatch.setattr(doctor, "_lexicon", gone)
    assert rows()["lexicon"].fix == "pip install numpy"
