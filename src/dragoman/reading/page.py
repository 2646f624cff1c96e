"""A web page: its article's text and title by trafilatura, its publication date from what it declares.

The date is our own reading. What a page says of itself comes first (meta elements, JSON-LD, ``time``
elements, its address), then an element that holds a date and nothing else; a date in running text is
never taken, as it is most often that of an event.
"""

from __future__ import annotations

import json
import logging
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from dragoman.reading.decoding import Unreadable, decode
from dragoman.reading.publication import BadDate, publication_date
from dragoman.reading.result import Draft, Refusal, counted
from dragoman.reading.stream import Source

# A page is several times its report, and trafilatura takes about a second a megabyte: no more than this.
_BYTES_PER_CHARACTER = 20

# Nine in ten pages of the web have under 2,000 elements. trafilatura takes up to 0.2 ms and 6 KB for each.
_MOST_ELEMENTS = 50_000
_ELEMENT = re.compile("<[a-zA-Z]")

# The entries of menus are shorter than this, and a report without a sentence as long is hard to imagine.
_FEWEST_WORDS = 8

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w-]+)", re.I)
# Names of meta elements that give the day of publication, the surest first. None of them is a day of change.
_META = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "og:published_time",
    "article:published",
    "parsely-pub-date",
    "sailthru.date",
    "dcterms.issued",
    "dc.date.issued",
    "citation_publication_date",
    "publication_date",
    "publish-date",
    "publishdate",
    "publish_date",
    "pubdate",
    "pub_date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "dcterms.created",
    "dc.date.created",
    "dcterms.date",
    "dc.date",
    "date",
)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_LABEL = re.compile(r"(?:first\s+)?(?:published|posted|issued|date|released)(?:\s+on|\s+at)?\s*:?\s*", re.I)
_NAMED = "contains(translate(concat(@class, ' ', @id, ' ', @itemprop), 'DPUBLISHTEMOF', 'dpublishtemof'), '{}')"
_DATE_ELEMENTS = (
    f"//body//*[{_NAMED.format('date')} or {_NAMED.format('publish')}]"
    f"[not({_NAMED.format('update')} or {_NAMED.format('modif')})]"
)
# A date with its weekday, time and label; longer text around a date is not only a date.
_LONGEST_DATE = 80


def read_page(source: Source, max_characters: int) -> Draft | Refusal:
    """The draft of the page in ``source``, or why it has none."""
    limit = max_characters * _BYTES_PER_CHARACTER
    data = source.whole(limit)
    if data is None:
        size = counted(source.size, "byte") if source.size else f"over {counted(limit, 'byte')}"
        return Refusal(source.name, f"is a page of {size}", "give the article as plain text")
    if not data.strip():
        return Refusal(source.name, "is empty", "give a page with a report", "skipped")
    # HTML, section 13.2.3: what the server says goes before what the page says of itself.
    own = _CHARSET.search(data[:4096])
    declared = source.charset or ((own[1] or own[2]).decode("ascii") if own else None)
    try:
        html, warnings = decode(data, declared)
    except Unreadable as wrong:
        return Refusal(source.name, wrong.reason, wrong.fix)
    return _article(html, source, warnings)


def _article(html: str, source: Source, warnings: tuple[str, ...]) -> Draft | Refusal:
    # Imported here: it takes longer than all else in this room, and most corpora are not pages.
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    for name in ("trafilatura", "htmldate"):
        # Their remarks on a page would appear on the user's terminal beside our one line.
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    if sum(1 for _ in _ELEMENT.finditer(html)) > _MOST_ELEMENTS:
        reason = f"is a page of over {counted(_MOST_ELEMENTS, 'element')}"
        return Refusal(source.name, reason, "give the article as plain text")
    nothing = Refusal(source.name, "is a page with no article", "give the report as plain text", "skipped")
    # lxml takes no NUL, and a declaration of another encoding than the string's makes it refuse the string.
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html.replace("\0", " "))
    try:
        tree = load_html(html)
        if tree is None:
            return nothing
        # Read before extraction, which changes the tree.
        published = _published(tree)
        found = bare_extraction(
            tree,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            # Its date is not used; this is its quickest way to none.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as wrong:  # two libraries on a stranger's mark-up: no list of what they raise is whole
        cause = " ".join(str(wrong).split())[:80] or type(wrong).__name__
        return Refusal(source.name, f"is a page that cannot be read ({cause})", "give the report as plain text")
    if found is None or isinstance(found, dict) or not found.text or not _holds_prose(found.text):
        return nothing
    return Draft(
        name=source.name,
        text=found.text,
        published=published,
        id=source.id,
        title=found.title or "",
        url=found.url or "",
        warnings=warnings,
        outlet=found.sitename or "",
    )


def _holds_prose(text: str) -> bool:
    """Whether some line is a sentence: pages without an article come out as the words of their links."""
    return any(len(line.split()) >= _FEWEST_WORDS for line in text.splitlines())


def _published(tree: Any) -> str | None:
    """The first date that the page gives for itself and that can be read, in ISO 8601."""
    for written in _written(tree):
        try:
            return publication_date(written)
        except BadDate:
            continue
    return None


def _written(tree: Any) -> Iterator[str]:
    """What the page writes where its publication date should stand, the surest first."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(key.strip().lower(), meta.get("content") or "")
    yield from (metas[name] for name in _META if metas.get(name))
    for script in tree.xpath("//script[@type='application/ld+json']"):
        yield from _linked(script.text or "")
    yield from _times(tree)
    for link in tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"):
        if found := _IN_ADDRESS.search(link):
            yield f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    for element in tree.xpath(_DATE_ELEMENTS):
        text = " ".join("".join(element.itertext()).split())
        if text and len(text) <= _LONGEST_DATE:
            yield _LABEL.sub("", text, count=1)


def _times(tree: Any) -> Iterator[str]:
    """``time`` elements: those marked as the publication's, else the first in the article or page's head."""
    changed = re.compile("updat|modif", re.I)
    times = [time for time in tree.xpath("//time") if not changed.search(str(dict(time.attrib)))]
    marked = [t for t in times if t.get("pubdate") is not None or "publish" in str(dict(t.attrib)).lower()]
    within = [time for time in times if next(time.iterancestors("article", "main"), None) is not None]
    first = within[:1] or (times if len(times) == 1 else [])
    for element in [*marked, *first]:
        yield from filter(None, (element.get("datetime"), " ".join("".join(element.itertext()).split())))


def _linked(script: str) -> Iterator[str]:
    """``datePublished`` of the nodes in a JSON-LD script, articles before other things."""
    try:
        top = json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return
    others: list[str] = []
    queue = deque([top])
    while queue:
        node = queue.popleft()
        if isinstance(node, list):
            queue.extend(node)
        elif isinstance(node, dict):
            if isinstance(date := node.get("datePublished"), str):
                if re.search("article|report|posting", str(node.get("@type")), re.I):
                    yield date
                else:
                    others.append(date)
            queue.extend(value for value in node.values() if isinstance(value, dict | list))
    yield from others
