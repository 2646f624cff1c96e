"""Lists of articles: GDELT's files and answers, tables with a column of addresses, and one address a line.

The columns of GDELT's files are those of its codebooks: events 1.0 (58 columns) and 2.0 (61), mentions (16), global
knowledge graph 1.0 (11, with names) and 2.1 (27). They are separated by tabs, whatever the files' suffix.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from dragoman.fetching.address import is_address
from dragoman.fetching.entry import Entry, a_date
from dragoman.fetching.markup import plain
from dragoman.reading.decoding import Unreadable, decode_part
from dragoman.reading.sniff import opening
from dragoman.reading.stream import HEAD_BYTES

# Number of columns: those of the address, of GDELT's own time stamp, of the outlet, and of the kind of source with the
# value that means an address of the web; None where the file has none.
_LAYOUTS: dict[int, tuple[int, int, int | None, int | None]] = {
    61: (60, 59, None, None),
    58: (57, 56, None, None),
    16: (5, 2, 4, 3),
    27: (4, 1, 3, 2),
}
_WEB = "1"
_SEEN = "when GDELT saw it"
# Names of the column or field that holds the address of an article, in lists of GDELT, of Media Cloud and of others.
_ADDRESS_NAMES = ("url", "sourceurl", "documentidentifier", "mentionidentifier", "link", "address")
_DATE_NAMES = {"published": "", "publish_date": "", "date": "that of its list"}
_DATE_NAMES |= {"seendate": _SEEN, "dateadded": _SEEN, "mentiontimedate": _SEEN}
_GRAPH_1 = ("date", "numarts", "counts", "themes")
_MASTER = re.compile(r"\d+ [0-9a-f]{32} (https?://\S+)")
_STAMP = re.compile(r"(\d{8})(\d{6})?")
# Lines that are looked at to tell a list of addresses from a text that begins with one.
_LOOKED_AT = 8
# A row of the knowledge graph has up to some hundred thousand characters.
_MOST_LINE_BYTES = 4_000_000


def is_list(head: bytes) -> bool:
    """Whether what begins with ``head`` is a list of articles; a table with their texts is none."""
    text = opening(head)
    lines = text.splitlines()
    if len(lines) > 1 and len(head) >= HEAD_BYTES:
        # It may be cut.
        lines.pop()
    lines = [line.strip("\ufeff\r\n") for line in lines if line.strip()]
    if not lines:
        return False
    first = lines[0]
    if _is_answer(text) or _columns(first) is not None or first.lower().startswith("\t".join(_GRAPH_1)):
        return True
    if (layout := _LAYOUTS.get(first.count("\t") + 1)) is not None:
        return bool(_STAMP.fullmatch(first.split("\t")[layout[1]]))
    listed = [line for line in lines[:_LOOKED_AT] if not line.lstrip().startswith("#")]
    return bool(listed) and all(_MASTER.fullmatch(line) or _alone(line) for line in listed)


def _alone(line: str) -> bool:
    line = line.strip()
    return is_address(line) and not re.search(r"\s", line)


def _is_answer(text: str) -> bool:
    """Whether this is the JSON of GDELT's document search."""
    return bool(re.match(r"\s*\{\s*\"articles\"\s*:\s*\[\s*(?:\{|\])", text))


def _columns(first: str) -> tuple[str, list[str]] | None:
    """Separator and names of a table of addresses, from its first row; None when it is none."""
    for mark in ("\t", ",", ";"):
        names = [cell.strip().strip('"').lower() for cell in first.split(mark)]
        has_address = any(name in names for name in _ADDRESS_NAMES)
        if has_address and "text" not in names and all(re.fullmatch(r"[\w .-]{1,40}", name) for name in names):
            return mark, names
    return None


def read_list(stream: BinaryIO, head: bytes) -> Iterator[Entry]:
    """The entries of a list that :func:`is_list` takes for one, read as they are asked for."""
    start = opening(head)
    first = next((line for line in start.splitlines() if line.strip()), "").strip("\ufeff")
    if _is_answer(start):
        yield from _answer(stream)
    elif (table := _columns(first)) is not None:
        yield from _table(stream, *table)
    elif first.lower().startswith("\t".join(_GRAPH_1)):
        for cells in _rows(stream):
            if len(cells) > 10 and cells[0].isdigit():
                for url in cells[10].split("<UDIV>"):
                    yield from _seen(url, cells[0], cells[9])
    elif (layout := _LAYOUTS.get(first.count("\t") + 1)) is not None:
        at, stamp, outlet, web = layout
        for cells in _rows(stream):
            if len(cells) > max(at, stamp) and (web is None or cells[web] == _WEB):
                yield from _seen(cells[at], cells[stamp], cells[outlet] if outlet else "")
    else:
        for line in _lines(stream):
            found = _MASTER.fullmatch(line.strip())
            if found or _alone(line):
                yield Entry(found[1] if found else line.strip())


def _seen(url: str, stamp: str, outlet: str) -> Iterator[Entry]:
    if is_address(url.strip()):
        yield Entry(url.strip(), _stamp(stamp), _SEEN, outlet="" if is_address(outlet) else outlet.partition(";")[0])


def _stamp(written: str) -> str | None:
    found = _STAMP.fullmatch(written.strip())
    return a_date(f"{found[1]}T{found[2]}Z" if found[2] else found[1]) if found else a_date(written)


def _lines(stream: BinaryIO) -> Iterator[str]:
    while line := stream.readline(_MOST_LINE_BYTES):
        yield decode_part(line).text.strip("\ufeff\r\n")


def _rows(stream: BinaryIO) -> Iterator[Sequence[str]]:
    # GDELT does not quote: a quotation mark in a cell is one.
    for line in _lines(stream):
        yield line.split("\t")


def _table(stream: BinaryIO, mark: str, names: list[str]) -> Iterator[Entry]:
    address = next(names.index(name) for name in _ADDRESS_NAMES if name in names)
    dates = [(names.index(name), dated) for name, dated in _DATE_NAMES.items() if name in names]
    titles = [names.index("title")] if "title" in names else []
    outlets = [names.index(name) for name in ("outlet", "domain") if name in names]
    rows = csv.reader(_lines(stream), delimiter=mark)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as wrong:
            raise Unreadable(
                f"is a table that breaks off at line {rows.line_num} ({wrong})", "write it again"
            ) from wrong
        # The row of names has no address either.
        if len(cells) != len(names) or not is_address(cells[address].strip()):
            continue
        date = next(((_stamp(cells[at]), dated) for at, dated in dates if cells[at].strip()), (None, ""))
        title, outlet = (next((cells[at] for at in some), "") for some in (titles, outlets))
        yield Entry(cells[address].strip(), *date, title=plain(title), outlet=plain(outlet))


def _answer(stream: BinaryIO) -> Iterator[Entry]:
    # GDELT's answers hold control characters and backslashes that JSON has no place for.
    text = decode_part(stream.read()).text
    try:
        articles = _articles(text)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable("is an answer of GDELT that is no whole JSON", "ask for it again") from wrong
    for article in articles:
        if isinstance(article, dict) and isinstance(url := article.get("url"), str) and is_address(url):
            title, outlet = (str(article.get(name) or "") for name in ("title", "domain"))
            yield Entry(url, _stamp(str(article.get("seendate") or "")), _SEEN, plain(title), outlet)


def _articles(text: str) -> list[Any]:
    try:
        answer = json.loads(text, strict=False)
    except ValueError:
        # GDELT copies titles with backslashes that JSON has no place for.
        answer = json.loads(re.sub(r'\\(?!["\\/bfnrtu])', r"\\\\", text), strict=False)
    articles = answer["articles"]
    return articles if isinstance(articles, list) else []
