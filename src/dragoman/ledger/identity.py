"""What makes two documents the same one, two addresses one page, and two reports of one outlet."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from dragoman.record import Document

# What analytics and newsletters add to an address; it names no other page.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|mc_cid|mc_eid|igshid|ref|ref_src|cmpid|ocid|smid|at_\w+|xtor", re.IGNORECASE
)
_HOST = re.compile(r"^(?:www\d?|m|mobile|amp|edition|rss|feeds)\.")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ARTICLE = re.compile(r"^the\s+")
# Characters of a key. PostgreSQL's index takes no more than 2,700 bytes; the longest addresses of news have under 400.
LONGEST = 600


def report_id(document: Document) -> str:
    """A hash of all that a reader would see: text, title, date, address, outlet; 20 hexadecimal digits.

    Where a document comes from, and when it was fetched, is no part of it: the same report in two archives is one.
    """
    key = [document.text, document.title, document.published, document.url, document.outlet]
    return hashlib.sha256(json.dumps(key, ensure_ascii=True).encode()).hexdigest()[:20]


def moment(published: str | None) -> str:
    """A date and time as text that sorts: in UTC where it says how far from it; empty for none."""
    if published is None or len(published) <= len("2022-02-25"):
        return published or ""
    try:
        at = datetime.fromisoformat(published)
    except ValueError:
        return published
    return (at.astimezone(UTC) if at.tzinfo else at).isoformat()[: len("2022-02-25T06:10:00")]


def day_of(published: str | None) -> date | None:
    """The day of a date and time as written there; None for none, and for what is in no calendar."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def address(url: str) -> str | None:
    """``url`` so that addresses of one page are equal: no scheme, fragment, tracking or ``www.``; None for none.

    A very long one ends in a hash, so that it can be kept in an index.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").lower()
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    query = urlencode(sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.fullmatch(k)))
    page = f"{_HOST.sub('', host)}{port}{parts.path.rstrip('/') or '/'}{'?' + query if query else ''}"
    return shortened(page, LONGEST)


def storable(text: str) -> str:
    """``text`` with what no database keeps replaced, one character each: halves of characters, and zeros."""
    return _UNSTORABLE.sub("\ufffd", text)


def shortened(text: str, most: int) -> str:
    """``text``, or where it has more than ``most`` characters its beginning and a hash of it all, as long as that."""
    if len(text) <= most:
        return text
    return f"{text[: most - 17]}…{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def outlet_key(outlet: str, url: str) -> str | None:
    """What reports of one outlet share: its name, written alike, else the host of its address; None for neither."""
    name = _ARTICLE.sub("", " ".join(outlet.casefold().split()))
    if name:
        return name
    page = address(url)
    return page.split("/", 1)[0] if page else None
