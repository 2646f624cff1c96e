"""robots.txt, by RFC 9309: the longest rule that matches decides, ``*`` and ``$`` count.

The standard library's parser takes the first rule that matches and knows no ``*``, so it would fetch what half of
the news sites' files forbid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

# RFC 9309, section 2.5: at least 500 KiB are to be read.
MOST_BYTES = 512 * 1024
# Rules of one file; what comes after is left out. The longest files of news sites have a few hundred.
_MOST_RULES = 5000
_SAFE = "/%:@!$&'()*+,;=~-._?"


@dataclass(frozen=True, slots=True)
class Robots:
    """What a robots.txt says to one agent. ``delay`` is its Crawl-delay in seconds, None when it names none."""

    rules: tuple[tuple[str, bool], ...] = ()
    """Path patterns and whether they allow, the longest first, allowing before forbidding."""
    delay: float | None = None

    def allows(self, target: str) -> bool:
        """Whether ``target``, a path with its query, may be asked for."""
        for pattern, allowed in self.rules:
            if _matches(pattern, target):
                return allowed
        return True


OPEN = Robots()


def read_robots(data: bytes, agent: str) -> Robots:
    """What ``data``, the bytes of a robots.txt, says to ``agent``, a product name such as ``Dragoman``."""
    named: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    delays: dict[bool, float] = {}
    mine = anybody = heard = rules_begun = False
    for line in data[:MOST_BYTES].decode("utf-8", "replace").removeprefix("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if rules_begun:
                mine = anybody = rules_begun = False
            token = re.match(r"[\w-]*", value)
            mine = mine or (token is not None and token[0].lower() == agent.lower())
            anybody = anybody or value == "*"
            heard = heard or mine
            continue
        rules_begun = rules_begun or key in ("allow", "disallow", "crawl-delay")
        if key in ("allow", "disallow") and value:
            rule = (quote(value, safe=_SAFE), key == "allow")
            if mine:
                named.append(rule)
            if anybody:
                others.append(rule)
        elif key == "crawl-delay" and re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value):
            for group, counts in ((True, mine), (False, anybody)):
                if counts:
                    delays.setdefault(group, float(value))
    rules = sorted((named if heard else others)[:_MOST_RULES], key=lambda rule: (-len(rule[0]), not rule[1]))
    return Robots(tuple(rules), delays.get(heard))


def _matches(pattern: str, target: str) -> bool:
    """Whether ``target`` begins as ``pattern`` says; piece by piece, so that no pattern takes long."""
    anchored = pattern.endswith("$")
    first, *pieces = (pattern[:-1] if anchored else pattern).split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    for piece in pieces[:-1]:
        at = target.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    if not pieces:
        return at == len(target) if anchored else True
    last = pieces[-1]
    if anchored:
        return target.endswith(last) and len(target) - len(last) >= at
    return target.find(last, at) >= 0
