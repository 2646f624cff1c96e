"""Examples of the API: for each operation an address or what is sent, and the same with the client."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote


@dataclass(frozen=True, slots=True)
class Example:
    """How an operation is asked.

    Attributes:
        python: the call, of a :class:`dragoman.Client` called ``desk``.
        path: what fills the address's own gaps: an id, the name of a layout.
        query: what comes after the question mark.
        body: what is sent; empty for nothing.
        kind: what kind of content that is.
        options: more of curl's.
    """

    python: str
    path: str = ""
    query: str = ""
    body: str = ""
    kind: str = "application/json"
    options: str = ""

    def address(self, path: str) -> str:
        """The address within the desk of the operation at ``path``, such as ``/api/v1/events/{id}``."""
        before, brace, after = path.partition("{")
        whole = before + self.path + after.partition("}")[2] if brace else path
        return f"{whole}?{self.query}" if self.query else whole

    def curl(self, base: str, path: str) -> str:
        """The command that asks it of the desk at ``base``."""
        parts = ["curl", *([self.options] if self.options else []), quote(base + self.address(path))]
        if self.body:
            parts += ["-H", quote(f"Content-Type: {self.kind}"), "--data-binary", quote(self.body)]
        return " ".join(parts)


_EVENT, _REPORT, _JUDGEMENT = "0554ea6a2c56e21f", "91a5cfd6a568259d0ad4", "24ce440887dedaf6"
_TEXT = "Rebels attacked a police post in Barida on Saturday, killing 12 officers, the ministry said."

EXAMPLES: dict[str, Example] = {
    "query": Example(
        'page = desk.query("curfew", party="Niger", since="2025", sort="sources", tellings=True)',
        query="text=curfew&party=Niger&since=2025&sort=sources&tellings=true",
    ),
    "event": Example(f'event = desk.event("{_EVENT}")', path=_EVENT),
    "judge_event": Example(
        f'desk.correct("{_EVENT}", {{"type": "SANCTION", "mode": ["expel"]}}, note="so it says")',
        path=_EVENT,
        body='{"action": "correct", "value": {"type": "SANCTION", "mode": ["expel"]}, "note": "so it says"}',
    ),
    "stream": Example('for new in desk.stream(type="ASSAULT"): print(new)', query="type=ASSAULT", options="-N"),
    "documents": Example(
        'page = desk.documents(title="curfew", since="2025-05")', query="title=curfew&since=2025-05&format=csv"
    ),
    "document": Example(f'report = desk.document("{_REPORT}")', path=_REPORT),
    "sources": Example("sources = desk.sources()"),
    "count": Example('desk.count(type="PROTEST", place="FRA")', query="type=PROTEST&place=FRA"),
    "actors": Example('countries = desk.actors(since="2025")', query="since=2025&format=csv"),
    "dyads": Example(
        'series = desk.dyads(actor="RUS", by="month", measure="score")',
        query="actor=RUS&by=month&measure=score&format=csv",
    ),
    "stance": Example('stance = desk.stance("attack on Barida")', query="target=attack+on+Barida"),
    "judgements": Example("log = desk.judgements()", query="ascending=false"),
    "judgement": Example("log = {one.id: one for one in desk.judgements()}", path=_JUDGEMENT),
    "judge": Example(f'desk.undo("{_JUDGEMENT}")', body=f'{{"action": "undo", "judgement": "{_JUDGEMENT}"}}'),
    "code": Example(
        f'coded = desk.code("{_TEXT}", "2025-05-05")', query="published=2025-05-05", body=_TEXT, kind="text/plain"
    ),
    "ingest": Example(
        f'fates = desk.ingest([dragoman.Document("{_TEXT}", "2025-05-05")])',
        body=f'[{{"text": "{_TEXT}", "published": "2025-05-05"}}]',
    ),
    "export": Example(
        'desk.export("polecat", "events.zip", min_sources=2, notes=True)',
        path="polecat",
        query="min_sources=2&notes=true",
        options="-OJ",
    ),
}
