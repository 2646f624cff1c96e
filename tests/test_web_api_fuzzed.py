"""The API under questions and bodies made by chance from its description: no server error, and answers as described.

Of identifiers made up by chance there is nothing: every other one is changed for one that the ledger has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from tests.web_desk import desk, filled

from dragoman.ledger import Ledger
from dragoman.web import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
OPERATIONS = (
    *("query", "event", "judge_event", "judgements", "judgement", "judge", "documents", "document", "sources"),
    *("count", "actors", "dyads", "stance", "code", "ingest", "export"),
)
# Any text is an id: there is none that is wrong in its form.
BY_ID = ("event", "judgement", "document")
# Filters may be empty, as forms send them; what cannot be read is told document by document.
LENIENT = ("query", "count", "actors", "dyads", "stance", "export", "ingest")
# What answers without an end is tested apart.
ENDLESS = "stream"
EXAMPLES = 12


@schemathesis.serializer("application/jsonl")
def lines(_: object, value: object) -> bytes:
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with filled(tmp_path_factory.mktemp("desk") / "events.db") as made:
        yield made


@pytest.fixture(scope="module")
def described(ledger: Ledger) -> OpenApiSchema:
    app = desk(ledger, Settings(most_requests=1_000_000, most_codings=1_000_000, allowed_hosts=("testserver",)))
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


@pytest.mark.parametrize(
    ("operation", "mode"),
    [(one, GenerationMode.POSITIVE) for one in OPERATIONS]
    + [(one, GenerationMode.NEGATIVE) for one in OPERATIONS if one not in BY_ID],
)
def test_nothing_that_is_sent_breaks_it(
    described: OpenApiSchema, ledger: Ledger, operation: str, mode: GenerationMode
) -> None:
    asked = described.find_operation_by_id(operation)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(asked.as_strategy(generation_mode=mode))
    def sent(case: Case[Any]) -> None:
        name_something(case, ledger)
        case.call_and_validate(checks=CHECKS if operation in LENIENT else [*CHECKS, negative_data_rejection])

    sent()


def name_something(case: Case[Any], ledger: Ledger) -> None:
    """Change some of the identifiers that are nobody's for those of the ledger."""
    given = case.path_parameters or {}
    if "id" not in given or len(str(given["id"])) % 2:
        return
    kind = case.path.split("/")[3]
    if kind == "events":
        # Some of what is sent drops them.
        given["id"] = next((one.id for one in ledger.query(limit=1).events), "none")
    elif kind == "documents":
        given["id"] = ledger.reports(limit=1).reports[0].id
    elif log := ledger.judgements():
        given["id"] = log[0].id


def test_all_that_the_description_holds_is_tried(described: OpenApiSchema) -> None:
    found = {one.ok().definition.raw["operationId"] for one in described.get_all_operations() if isinstance(one, Ok)}
    assert found == {*OPERATIONS, ENDLESS}
