"""Bytes to text: what a file is by its first bytes, and which encoding its text is in.

UTF-8 is taken at its word. Everything else is decoded only on evidence, with a warning that names the
encoding, or refused; no byte is dropped in silence.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from dragoman.reading.result import counted

# First bytes of what people hand over by mistake, what that is, and what to do with it.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", "extract its text first, for instance with pdftotext"),
    (b"%!PS", "PostScript", "extract its text first, for instance with ps2ascii"),
    (b"{\\rtf", "a rich text document (RTF)", "save it as plain text"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document", "save it as plain text"),
    (b"PK\x03\x04", "a zip archive or an Office document", "unpack it, or save the document as plain text"),
    (b"PK\x05\x06", "an empty zip archive", "give the files themselves"),
    (b"\x1f\x8b", "gzip data", "unpack it first: gunzip -c FILE | dragoman code -"),
    (b"BZh91AY&SY", "bzip2 data", "unpack it first: bunzip2 -c FILE | dragoman code -"),
    (b"\xfd7zXZ\x00", "xz data", "unpack it first: xz -dc FILE | dragoman code -"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data", "unpack it first: zstd -dc FILE | dragoman code -"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", "give the text, not a picture of it"),
    (b"\xff\xd8\xff", "a JPEG image", "give the text, not a picture of it"),
    (b"GIF87a", "a GIF image", "give the text, not a picture of it"),
    (b"GIF89a", "a GIF image", "give the text, not a picture of it"),
    (b"II*\x00", "a TIFF image", "give the text, not a picture of it"),
    (b"MM\x00*", "a TIFF image", "give the text, not a picture of it"),
    (b"ID3\x03", "a sound file (MP3)", "give a transcript"),
    (b"ID3\x04", "a sound file (MP3)", "give a transcript"),
    (b"OggS\x00", "a sound or video file (Ogg)", "give a transcript"),
    (b"\x7fELF", "a program", "give a text file"),
    (b"MZ\x90\x00", "a program", "give a text file"),
    (b"SQLite format 3\x00", "an SQLite database", "export its reports as JSON lines or CSV"),
    (b"ARROW1\x00\x00", "an Arrow file", "save the table as Parquet"),
    (b"PAR1", "a Parquet file", "name it .parquet"),
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# Codecs that Python knows and no sender of text uses. A page that names punycode would take minutes to decode.
_NO_CHARSETS = frozenset(
    "idna punycode unicode_escape unicode-escape raw_unicode_escape raw-unicode-escape utf-7".split()
)
_INVALID = re.compile("[\udc80-\udcff]+")
# The signs of Windows-1252 that English text has beyond ASCII: quotation marks, dashes, the ellipsis, the
# euro, and the letters of Western names.
_WESTERN = frozenset("€‚„…‘’“”•–—™š›œžŸŠŒŽ\u00a0¡¢£¥§©ª«®°±²³´·º»¼½¾¿×") | set(map(chr, range(0xC0, 0x100)))
# English is almost all ASCII: of 45 English articles none has over 1.2 % of other characters. A file
# with more is in another script, and which one needs the detector.
_MOST_WESTERN = 0.05
# Enough to tell an encoding, and little enough that the detector takes well under a second.
_SAMPLE_BYTES = 50_000
# More than one NUL in a thousand bytes is no slip of an editor.
_MOST_NULS = 0.001


class Unreadable(Exception):
    """Bytes that are no text: ``reason`` and ``fix`` are for the user."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


class Decoded(NamedTuple):
    """A text and the warnings on how it was decoded."""

    text: str
    warnings: tuple[str, ...] = ()


def check_kind(head: bytes) -> None:
    """Raise :class:`Unreadable` when a file that begins with ``head`` is of a known kind that is no text."""
    for magic, what, fix in _MAGIC:
        if head.startswith(magic):
            raise Unreadable(f"is {what}, not text", fix)
    if head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:12] in (b"WAVE", b"WEBP", b"AVI ")):
        raise Unreadable("is a video, sound or image file, not text", "give the text, or a transcript")


def check_binary(data: bytes) -> None:
    """Raise :class:`Unreadable` when there are more NUL bytes in ``data`` than a slip explains."""
    nuls = data.count(0)
    if nuls > _MOST_NULS * len(data):
        raise Unreadable(f"is binary, not text ({counted(nuls, 'NUL byte')})", "give a text file")


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of ``data``, code point by code point as it stands: nothing is stripped or normalised.

    A byte order mark is no part of the text. ``declared`` is the encoding that the data itself names (a
    page's ``charset``), used when the bytes are not UTF-8. Raises :class:`Unreadable` for binary data
    and for text in no encoding that can be told.
    """
    check_kind(data[:16])
    for mark, encoding, name in _BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding, name)
    if wide := _wide(data):
        return wide
    check_binary(data)
    return decode_part(data, declared)


def decode_part(data: bytes, declared: str | None = None) -> Decoded:
    """As :func:`decode`, for a line of a file that is known to be text in some 8-bit encoding."""
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _damaged(data) or _declared(data, declared) or _western(data) or _detected(data)


def _marked(data: bytes, encoding: str, name: str) -> Decoded:
    warnings = () if name == "UTF-8" else (f"decoded as {name}",)
    try:
        return Decoded(data.decode(encoding), warnings)
    except UnicodeDecodeError as wrong:
        text = data.decode(encoding, "replace")
        if text.count("�") > len(text) // 100 + 1:
            reason = f"begins like {name} text and is not ({wrong.reason} at byte {wrong.start})"
            raise Unreadable(reason, "save it as UTF-8") from wrong
        return Decoded(text, (f"decoded as {name}; bytes that do not fit are shown as �",))


def _wide(data: bytes) -> Decoded | None:
    """UTF-16 without its mark: English in it has a NUL in every other byte, always on the same side."""
    nuls = data.count(0)
    if not nuls or len(data) % 2 or nuls < 0.4 * len(data):
        return None
    odd = data[1::2].count(0)
    encoding = "utf-16-le" if odd > 0.9 * nuls else "utf-16-be" if odd < 0.1 * nuls else None
    if encoding is None:
        return None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    # Real text has no NULs once decoded; zeroed disk blocks do.
    return None if "\0" in text else Decoded(text, ("decoded as UTF-16, which it does not declare",))


def _damaged(data: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes: most of what is beyond ASCII is whole, so it is UTF-8 all the same."""
    text = data.decode("utf-8", "surrogateescape")
    broken = sum(len(found) for found in _INVALID.findall(text))
    # In UTF-8 as in the text: escapes stand for single bytes, everything else beyond ASCII was valid.
    whole = sum(character > "\x7f" for character in text) - broken
    if whole <= broken:
        return None
    # One mark for each byte, so that the text reads back with the same offsets on every run.
    text = "".join("�" if "\udc80" <= c <= "\udcff" else c for c in text)
    return Decoded(text, (f"{counted(broken, 'byte')} not UTF-8, shown as �",))


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared).name
        if name in _NO_CHARSETS:
            return None
        text = data.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
    return Decoded(text, (f"decoded as {declared}, as it declares",))


def _western(data: bytes) -> Decoded | None:
    """Windows-1252, and with it ISO 8859-1: the usual one of English text that is not UTF-8."""
    beyond = bytes(byte for byte in data if byte > 0x7F)
    if len(beyond) > max(2, _MOST_WESTERN * len(data)):
        return None
    try:
        if not _WESTERN.issuperset(beyond.decode("cp1252")):
            return None
        return Decoded(data.decode("cp1252"), ("not UTF-8: decoded as Windows-1252",))
    except UnicodeDecodeError:
        return None


def _detected(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is not None:
        try:
            warning = f"not UTF-8: decoded as {best.encoding}, by its letters"
            return Decoded(data.decode(best.encoding), (warning,))
        except (UnicodeDecodeError, LookupError):
            pass
    raise Unreadable("is text in no encoding that can be told, or binary", "save it as UTF-8")
