"""JSON and JSON lines: one record an object, read one after the other.

A line that is no JSON costs that line; a file that ends in the middle keeps the records before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from dragoman.reading.decoding import Unreadable, decode, decode_part
from dragoman.reading.fields import draft
from dragoman.reading.result import Draft, Refusal, counted
from dragoman.reading.stream import Source

# \uXXXX\uXXXX is the longest that JSON makes of a character; other fields come beside the text.
_BYTES_PER_CHARACTER: Final = 16
# A list in one file has to be held whole; JSON lines have no such limit.
_MOST_BYTES: Final = 1_000_000_000
_WHITE = re.compile(r"[ \t\n\r,]*")
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def read_lines(source: Source, max_characters: int) -> Iterator[Draft | Refusal]:
    """The records of a JSON lines stream, each read when it is asked for."""
    if source.head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        # Lines of UTF-16 cannot be told apart in bytes.
        yield from read_values(source)
        return
    limit = max_characters * _BYTES_PER_CHARACTER
    number = 0
    found = False
    while line := source.stream.readline(limit):
        number += 1
        name = f"{source.name}, line {number}"
        if len(line) == limit and not line.endswith(b"\n"):
            while (rest := source.stream.readline(limit)) and not rest.endswith(b"\n"):
                pass
            yield Refusal(name, f"is over {counted(limit, 'byte')} long", "split the report into parts with dates")
            found = True
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        found = True
        yield _line(line, name)
    if not found:
        yield Refusal(source.name, "is empty", "give one JSON object a line", "skipped")


def _line(line: bytes, name: str) -> Draft | Refusal:
    try:
        text, warnings = decode_part(line)
    except Unreadable as wrong:
        return Refusal(name, wrong.reason, wrong.fix)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        return _broken(text, wrong, name)
    return _record(value, name, warnings)


def read_values(source: Source) -> Iterator[Draft | Refusal]:
    """The records of a file that is an object, a list of objects, or several objects one after the other."""
    data = source.whole(_MOST_BYTES)
    if data is None:
        reason = f"is over {counted(_MOST_BYTES, 'byte')} long"
        yield Refusal(source.name, reason, "write it as JSON lines, one object a line, which has no limit")
        return
    try:
        text, warnings = decode(data)
    except Unreadable as wrong:
        yield Refusal(source.name, wrong.reason, wrong.fix)
        return
    at = _after(_SPACE, text, 0)
    if at == len(text):
        yield Refusal(source.name, "is empty", "give a JSON object or a list of them", "skipped")
        return
    listed = text[at] == "["
    if listed:
        at = _after(_SPACE, text, at + 1)
    number = 0
    while at < len(text) and not (listed and text[at] == "]"):
        number += 1
        name = f"{source.name}, record {number}"
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as wrong:
            yield _broken(text, wrong, name, at)
            return
        alone = number == 1 and _after(_WHITE, text, at) >= len(text)
        yield _record(value, source.name if alone else name, warnings, id=source.id if alone else "")
        at = _after(_WHITE if listed else _SPACE, text, at)
    if listed and at == len(text):
        reason = f"is cut short after record {number}: the list has no end"
        yield Refusal(source.name, reason, "write the file again; the records before are read")
    elif not number:
        yield Refusal(source.name, "is an empty list", "give at least one record", "skipped")


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _record(value: Any, name: str, warnings: tuple[str, ...], id: str = "") -> Draft | Refusal:
    if not isinstance(value, dict):
        kind = "a list" if isinstance(value, list) else "a bare value"
        return Refusal(name, f"is {kind}, not an object", 'write {"id": …, "published": …, "text": …}')
    made = draft(value, name)
    if isinstance(made, Refusal):
        return made
    return replace(made, id=made.id or id, warnings=warnings + made.warnings)


def _broken(text: str, wrong: Exception, name: str, start: int | None = None) -> Refusal:
    """What is wrong with the record of ``text`` that does not parse; most often it is cut short.

    ``start`` is where the record begins when ``text`` is a whole file, None when it is a line.
    """
    alone = start is None
    record = text[start or 0 :].strip()
    where = "" if start is None else f" on line {text.count(chr(10), 0, start) + 1}"
    fix = "write the record again; " + ("the other lines are read" if alone else "those before are read")
    if isinstance(wrong, RecursionError):
        return Refusal(name, f"is JSON nested too deep{where}", "give flat objects with the field text")
    if not isinstance(wrong, json.JSONDecodeError):
        return Refusal(name, f"is JSON with a number too long to read{where}", fix)
    if not record.startswith(("{", "[")):
        return Refusal(name, f"is not JSON{where}", "give one JSON object a line, or name plain text .txt")
    if wrong.msg.startswith("Unterminated") or wrong.pos >= len(text.rstrip()) - 1:
        return Refusal(name, f"is JSON cut short after {counted(len(record), 'character')}{where}", fix)
    place = f" at character {wrong.colno} of line {wrong.lineno}" if not alone else f" at character {wrong.colno}"
    return Refusal(name, f"is not whole JSON ({wrong.msg.lower()}{place})", fix)
