"""A phrase cut into what is known in it: names of the register, nouns with a sector, and the rest.

The longest match wins, from the left. The items are then grouped as English groups them: a core, the
phrases that prepositions hang on it, and what commas, brackets and dashes set beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .register import Entry, Register
from .text import Token, tokens, word_set

_LONGEST = 9
_ARTICLES = {
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "its",
    "his",
    "her",
    "their",
    "our",
    "my",
    "your",
}
_HONORIFICS = {"mr", "mrs", "ms", "dr", "sir", "dame", "madam", "miss", "hon", "senhor"}
PREPOSITIONS = word_set(
    "of for from in at to with on against by who whom whose which that near under between among amongst over "
    "after since inside outside within around across about through toward towards like including during into "
    "accused suspected based led loyal fleeing living working opposed holding carrying wearing being "
    "was were is are has have had known called named said aboard as without along affiliated linked allied "
    "backed convicted arrested detained killed where when"
)
NUMBERS = word_set(
    "one two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds thousand "
    "thousands million millions tens scores several some many few most all both various other another "
    "more than nearly about almost at least up over around additional any every each number majority group "
    "groups team teams crowd crowds lot part unit units list member members wave series kind pair handful "
    "half rest total thirds quarter percent additional"
)
# "Russian-backed rebels" are no Russians; "Somalia-based" ones are of Somalia.
NOT_OF = word_set(
    "backed funded supported allied aligned trained armed financed sponsored linked affiliated occupied "
    "held controlled speaking style made born inspired equipped supplied brokered mediated educated "
    "friendly critical appointed installed recognized recognised bound imposed oriented leaning listed "
    "designated proxy ally allied sanctioned"
)
WEAKLY_OF = word_set("led dominated")
AGAINST = word_set("anti pro non post counter trans former ex")


@dataclass(slots=True)
class Item:
    """A stretch of the phrase: an entry of the register, a noun, a word like "of", or something unknown."""

    kind: str  # name, noun, title, prep, mark, and, former, unknown
    words: str
    tokens: list[Token]
    entries: tuple[Entry, ...] = ()
    use: str = ""  # of a noun: own, open, armed, trait; of a name that is also a noun ("Defense Department") too
    sector: str | None = None
    plural: bool = False
    barred: bool = False  # what stands here is not the actor's: "X-backed", "anti-X"
    weak: bool = False  # "X-led"

    @property
    def cap(self) -> bool:
        return any(t.cap for t in self.tokens)

    @property
    def joined(self) -> bool:
        """Whether a hyphen follows."""
        return self.tokens[-1].joined

    @property
    def possessive(self) -> bool:
        return self.tokens[-1].possessive


@dataclass(slots=True)
class Phrase:
    """A noun phrase: its core from left to right, and what prepositions hang on it."""

    core: list[Item] = field(default_factory=list)
    posts: list[tuple[str, list[Item]]] = field(default_factory=list)


_ROUGHLY = {
    ("at", "least"),
    ("at", "most"),
    ("up", "to"),
    ("as", "many"),
    ("as", "few"),
    ("more", "than"),
    ("less", "than"),
}
_ABOUT = {"over", "about", "around", "under", "between"}


def _counts(token: Token) -> bool:
    return token.norm in NUMBERS or token.norm[0].isdigit()


def _candidates(register: Register, words: list[Token], cased: bool) -> tuple[Entry, ...]:
    if len(words) == 1 and (words[0].upper or not words[0].norm.isalpha()):
        found = register.find("^" + words[0].norm)
        if found:
            return found
    found = register.find(" ".join(t.norm for t in words))
    if not found:
        return ()
    if any(t.cap or t.norm[0].isdigit() for t in words):
        return found
    # Text without capitals may name states, peoples and bodies, hardly a town called Nice or Mobile.
    if cased:
        return ()
    kinds = (
        "country",
        "capital",
        "people",
        "peoples",
        "group",
        "region",
        *(("body",) if len(words) > 1 else ()),
    )
    return tuple(e for e in found if e.kind in kinds)


def _overlaps(register: Register, line: list[Token], at: int, size: int) -> bool:
    last = at + size - 1
    return any(
        " ".join(t.norm for t in line[last : last + n]) in register.nouns
        for n in (2, 3)
        if last + n <= len(line) and not line[last + n - 1].mark
    )


def _match(register: Register, line: list[Token], at: int, cased: bool) -> tuple[int, Item] | None:
    start = line[at]
    if start.norm not in register.starts and "^" + start.norm not in register.starts:
        return None
    limit = 1
    while limit < _LONGEST and at + limit < len(line) and not line[at + limit].mark:
        limit += 1
    for size in range(limit, 0, -1):
        words = line[at : at + size]
        found = _candidates(register, words, cased)
        if found and start.norm == "the" and at + size < len(line) and line[at + size].cap:
            # "the National" is a newspaper, "the National Guard" has nothing to do with it.
            found = ()
        joined = " ".join(t.norm for t in words)
        noun = register.nouns.get(joined)
        if found and size > 1 and _overlaps(register, line, at, size):
            inner = _candidates(register, words[:-1], cased)
            if inner and {e.country for e in inner} == {e.country for e in found}:
                # "Myanmar's military" is no part of "Myanmar's military council".
                continue
        if found:
            item = Item("name", joined, words, entries=found)
            if noun and size > 1 and all(e.kind in ("body", "seat", "party") for e in found):
                item.use, item.sector = noun[0], noun[1]
            return size, item
        # A capitalised acronym is nobody's noun ("MPs" is), and "Moscow's" no plural.
        if noun and not (size == 1 and start.upper and len(joined) > 3):
            return size, Item("noun", joined, words, use=noun[0], sector=noun[1], plural=bool(noun[2]))
    return None


def items(register: Register, text: str) -> list[Item]:
    """The items of ``text`` in order; articles and honorifics are left out."""
    line = [t for t in tokens(text) if t.norm not in _HONORIFICS or not t.cap]
    cased = any(t.cap for t in line)
    out: list[Item] = []
    at = 0
    while at < len(line):
        token = line[at]
        if token.mark:
            out.append(Item("mark", token.norm, [token]))
            at += 1
            continue
        if at + 1 < len(line) and (token.norm, line[at + 1].norm) in _ROUGHLY:
            at += 2
            continue
        if not out and token.norm in _ABOUT and at + 1 < len(line) and _counts(line[at + 1]):
            at += 1
            continue
        matched = _match(register, line, at, cased)
        if matched is not None:
            size, item = matched
            if size == 1 and token.norm in PREPOSITIONS and not token.cap:
                item = Item("prep", token.norm, [token])
            elif size == 1 and item.kind == "noun" and token.cap and token.norm in register.titles:
                item.use = item.use or "own"
            out.append(item)
            at += size
            continue
        if token.norm in _ARTICLES and (not token.upper):
            at += 1
            continue
        if token.norm in register.former:
            out.append(Item("former", token.norm, [token]))
        elif token.norm in PREPOSITIONS and not token.upper:
            out.append(Item("prep", token.norm, [token]))
        elif token.norm in ("and", "or", "as well as"):
            out.append(Item("and", token.norm, [token]))
        elif token.cap and token.norm in register.titles:
            out.append(Item("title", token.norm, [token], sector=register.titles[token.norm]))
        else:
            out.append(Item("unknown", token.norm, [token]))
        at += 1
    _hyphens(out)
    _strangers(out)
    return out


def _strangers(line: list[Item]) -> None:
    """Takes back single names of persons that are part of an unknown longer name ("Anwar al-Bunni")."""
    for at, item in enumerate(line):
        if item.kind != "name" or len(item.tokens) > 1 or any(e.kind != "person" for e in item.entries):
            continue
        before = line[at - 1] if at else None
        after = line[at + 1] if at + 1 < len(line) else None
        if (before and _part_of_name(before) and not before.possessive) or (
            after and _part_of_name(after) and not item.possessive
        ):
            line[at] = Item("unknown", item.words, item.tokens)


def _part_of_name(item: Item) -> bool:
    if item.kind != "unknown" or item.words in NUMBERS or not item.words[0].isalpha():
        return False
    return item.cap or item.joined


def _hyphens(line: list[Item]) -> None:
    """Marks names that a hyphen turns into a mere relation ("Iran-backed", "anti-American")."""
    for i, item in enumerate(line):
        if i + 1 < len(line) and item.tokens[-1].joined and line[i + 1].kind == "prep":
            # "Somalia-based", "Saudi-led": the participle is no preposition here.
            line[i + 1] = Item("unknown", line[i + 1].words, line[i + 1].tokens)
        if i + 1 < len(line) and item.kind in ("name", "noun"):
            follows = line[i + 1]
            word = follows.words.split(" ", 1)[0]
            near = item.tokens[-1].joined or (item.kind == "name" and follows.kind in ("unknown", "prep"))
            if near and word in NOT_OF:
                item.barred = True
            elif item.tokens[-1].joined and word in WEAKLY_OF:
                item.weak = True
        if i and item.kind in ("name", "noun"):
            before = line[i - 1]
            if before.words in AGAINST and before.words not in ("former", "ex"):
                item.barred = True


def parts(line: list[Item]) -> list[Phrase]:
    """The phrases that commas, brackets and dashes part, each with its core and what hangs on it."""
    out: list[Phrase] = []
    current = Phrase()
    target = current.core
    for item in line:
        if item.kind == "mark" and item.words != "/":
            if current.core or current.posts:
                out.append(current)
            current = Phrase()
            target = current.core
        elif item.kind == "prep":
            post: list[Item] = []
            current.posts.append((item.words, post))
            target = post
        elif item.kind != "mark":
            target.append(item)
    if current.core or current.posts:
        out.append(current)
    return out
