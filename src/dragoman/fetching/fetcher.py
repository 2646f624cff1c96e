"""Asking for pages as a good guest does: robots.txt first, one at a time, slowly, and not again after a refusal."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from dragoman.fetching import address as addresses
from dragoman.fetching.address import Address, BadAddress
from dragoman.fetching.clock import Clock, iso
from dragoman.fetching.exchange import Answer, Failed, ask
from dragoman.fetching.item import State
from dragoman.fetching.robots import MOST_BYTES, OPEN, Robots, read_robots

PRODUCT = "Dragoman"
# RFC 9309, section 2.4: a robots.txt is good for a day.
_ROBOTS_SECONDS = 24 * 3600
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A host that no connection reaches is left alone for this many times longer than one that has trouble: a list of
# thousands of addresses has many such, and each try costs seconds.
_UNREACHED = 60
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
# Answers that a page will not be better for tomorrow.
_LASTING = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 414, 451})


def default_agent() -> str:
    """Who asks, as servers see it: the product, its version, what it wants, and that it obeys."""
    try:
        number = version("dragoman")
    except PackageNotFoundError:
        number = "0"
    return f"{PRODUCT}/{number} (reads news for records of events; obeys robots.txt)"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of a server and taken from it."""

    page_bytes: int = 10_000_000
    """Of a page or feed, unpacked. Of the front pages of news sites, the largest have 3 MB."""
    list_bytes: int = 50_000_000
    """Of a sitemap or archive, unpacked once: the most that the sitemap protocol allows."""
    seconds: float = 30.0
    """For one answer, from connecting to its last byte."""
    connect_seconds: float = 10.0
    redirects: int = 5
    interval: float = 1.0
    """Seconds between two requests to a host."""
    longest_interval: float = 30.0
    """The most of a Crawl-delay that is honoured; a host that asks for more would hold a run up for days."""
    retries: int = 2
    longest_wait: float = 20.0
    """The longest pause, in seconds, that a host's trouble may cost before its addresses are put off instead."""


class NotFetched(Exception):
    """An address that was not had: ``reason`` and ``fix`` are for the user.

    ``lasting`` is true when it would be no use to ask again soon, ``gone`` when the server says that it never will be.
    ``wait`` is the seconds for which the server wants to be left alone, None when it does not say.
    """

    def __init__(
        self, reason: str, fix: str, *, lasting: bool = False, gone: bool = False, wait: float | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.lasting = lasting
        self.gone = gone
        self.wait = wait


class HostNotAsked(NotFetched):
    """As the above, for every address of a host: it is private, not there, or left alone for a while."""


class Fetched(NamedTuple):
    """A page as it was had. ``unchanged`` is true, and ``body`` empty, when the server has nothing new."""

    address: Address
    """Where it was had from, after all redirects."""
    body: bytes
    type: str
    """The media type that the server names, in lower case, such as ``text/html``; empty when none."""
    charset: str | None
    retrieved: str
    state: State
    """``etag`` and ``modified``, to ask with next time."""
    unchanged: bool = False


@dataclass
class _Host:
    """What is known of one host: when it may be asked next, and how often it failed in a row."""

    free_at: float = 0.0
    rests_until: float = 0.0
    failures: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class _Site:
    """The robots.txt of one scheme, host and port, and until when it is good."""

    robots: Robots | None = None
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Fetcher:
    """Fetches addresses within ``limits``. May be used from several threads: a host is asked once at a time.

    ``agent`` is the User-Agent header; who fetches much should give one with an address to write to. Hosts in private
    networks are refused unless ``allow_private``. Proxies that the environment names are not used.
    """

    def __init__(
        self,
        *,
        agent: str = "",
        limits: Limits | None = None,
        allow_private: bool = False,
        clock: Clock | None = None,
        resolve: addresses.Resolve = addresses.resolve,
    ) -> None:
        self.agent = agent or default_agent()
        if not self.agent.isprintable() or not self.agent.isascii():
            raise ValueError("the user agent has characters that no header may have")
        self.limits = limits or Limits()
        self.clock = clock or Clock()
        self._allow_private = allow_private
        self._resolve = resolve
        self._hosts: dict[str, _Host] = {}
        self._sites: dict[str, _Site] = {}

    def get(self, url: str, *, most_bytes: int | None = None, state: State | None = None) -> Fetched:
        """The page at ``url``, asked for under the conditions in ``state`` if given.

        Raises :class:`NotFetched`, and :class:`~dragoman.fetching.clock.Stopped` when the clock was stopped.
        """
        most = most_bytes or self.limits.page_bytes
        at = self._parsed(url)
        for _ in range(self.limits.redirects + 1):
            self._check_robots(at)
            answer = self._patiently(at, most, _conditions(state))
            if answer.status in _REDIRECTS and answer.headers.get("location"):
                at = self._parsed(answer.headers["location"], at.url)
                continue
            return self._fetched(at, answer, state)
        raise NotFetched(f"redirects over {self.limits.redirects} times", "give the address of the page", lasting=True)

    def _parsed(self, url: str, base: str = "") -> Address:
        try:
            return addresses.parse(url, base)
        except BadAddress as wrong:
            reason = f"redirects to an address that {wrong}" if base else str(wrong)
            raise NotFetched(reason, "give an http or https address", lasting=True) from wrong

    def _fetched(self, at: Address, answer: Answer, state: State | None) -> Fetched:
        now = iso(self.clock.now())
        if answer.status == 304 and state:
            return Fetched(at, b"", "", None, now, state, unchanged=True)
        if answer.status != 200:
            raise _refused(answer, self.clock.now())
        type, _, parameters = answer.headers.get("content-type", "").partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", parameters, re.I)
        said = {key: answer.headers.get(name, "") for key, name in _VALIDATORS}
        kept = {key: value for key, value in said.items() if re.fullmatch(_VALIDATOR, value)}
        return Fetched(at, answer.body, type.strip().lower(), charset[1] if charset else None, now, kept)

    def _check_robots(self, at: Address) -> None:
        robots = self._robots_of(at)
        if not robots.allows(at.target):
            fix = "ask the site, or give a copy of the page that you have"
            raise NotFetched("is not to be fetched, its robots.txt says", fix, lasting=True)

    def _robots_of(self, at: Address) -> Robots:
        site = self._sites.setdefault(at.origin, _Site())
        with site.lock:
            if site.robots is not None and site.until > self.clock.now():
                return site.robots
            try:
                robots = self._asked_robots(addresses.parse(f"{at.origin}/robots.txt"))
            except HostNotAsked:
                raise
            except NotFetched as wrong:
                # RFC 9309, section 2.3.1.4: while it cannot be had, everything is forbidden.
                reason = f"is not asked for, since the robots.txt of its site {wrong.reason}"
                raise NotFetched(reason, wrong.fix, lasting=wrong.lasting, wait=wrong.wait) from wrong
            site.robots, site.until = robots, self.clock.now() + _ROBOTS_SECONDS
            return robots

    def _asked_robots(self, at: Address) -> Robots:
        for _ in range(self.limits.redirects + 1):
            answer = self._patiently(at, MOST_BYTES, {}, cut=True)
            if answer.status in _REDIRECTS and answer.headers.get("location"):
                at = self._parsed(answer.headers["location"], at.url)
            elif answer.status == 200:
                return read_robots(answer.body, PRODUCT)
            elif answer.status >= 500 or answer.status == 429:
                raise _refused(answer, self.clock.now())
            else:
                return OPEN
        return OPEN

    def _patiently(self, at: Address, most: int, conditions: Mapping[str, str], *, cut: bool = False) -> Answer:
        """The server's answer, asked for again after a pause where that may help."""
        host = self._hosts.setdefault(at.host, _Host())
        for attempt in range(self.limits.retries + 1):
            last = attempt == self.limits.retries
            with host.lock:
                self._wait(host)
                try:
                    answer = self._once(at, most, conditions, cut)
                except Failed as wrong:
                    if wrong.lasting:
                        raise NotFetched(wrong.reason, "give a copy of the page that you have", lasting=True) from wrong
                    rest = self._failed(host, None, _UNREACHED if wrong.unreachable else 1)
                    if last or rest > self.limits.longest_wait:
                        kind = HostNotAsked if wrong.unreachable else NotFetched
                        raise kind(wrong.reason, "try again later", wait=rest) from wrong
                    continue
                finally:
                    host.free_at = self.clock.now() + self._interval(at)
                if answer.status not in _LATER:
                    host.failures = 0
                    return answer
                rest = self._failed(host, answer.headers.get("retry-after"))
                if last or rest > self.limits.longest_wait:
                    return answer
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, host: _Host) -> None:
        now = self.clock.now()
        if host.rests_until - now > self.limits.longest_wait:
            rest = host.rests_until - now
            raise HostNotAsked(f"is of a host that is left alone for {rest:.0f} s more", "try again later", wait=rest)
        if (pause := max(host.free_at, host.rests_until) - now) > 0:
            self.clock.sleep(pause)

    def _failed(self, host: _Host, asked: str | None, unit: int = 1) -> float:
        """Note a failure; the seconds for which the host is left alone: as it asks, else twice as long each time."""
        host.failures += 1
        rest = _seconds(asked, self.clock.now())
        if rest is None:
            rest = float(min(unit * 2 ** min(host.failures, 12), 3600))
        host.rests_until = self.clock.now() + rest
        return rest

    def _interval(self, at: Address) -> float:
        site = self._sites.get(at.origin)
        delay = (site and site.robots and site.robots.delay) or 0.0
        return max(self.limits.interval, min(delay, self.limits.longest_interval))

    def _once(self, at: Address, most: int, conditions: Mapping[str, str], cut: bool) -> Answer:
        headers = {
            "User-Agent": self.agent,
            "Accept": "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, */*;q=0.5",
            "Accept-Language": "en, *;q=0.5",
            **conditions,
        }
        limits = self.limits
        problem: Failed | None = None
        # A host may have machines that cannot be reached from here, such as by IPv6: two are tried.
        for machine in self._machines(at)[:2]:
            try:
                return ask(
                    at,
                    machine,
                    headers,
                    most_bytes=most,
                    cut=cut,
                    seconds=limits.seconds,
                    connect_seconds=limits.connect_seconds,
                )
            except Failed as wrong:
                if wrong.lasting or not wrong.unreachable:
                    raise
                problem = wrong
        assert problem is not None
        raise problem

    def _machines(self, at: Address) -> list[str]:
        """The IP addresses of the host, all of them checked: one in a private network forbids the host."""
        try:
            machines = list(addresses.within(self.limits.connect_seconds, self._resolve, at.host, at.port))
        except OSError as wrong:
            raise Failed(f"has a host that is not found ({at.host})", unreachable=True) from wrong
        if not machines:
            raise Failed(f"has a host that is not found ({at.host})", unreachable=True)
        if not self._allow_private and not all(map(addresses.is_public, machines)):
            fix = "if you mean it, allow private addresses (--allow-private)"
            raise HostNotAsked(f"is of a private network ({at.host})", fix, lasting=True)
        return machines


_VALIDATORS = (("etag", "etag"), ("modified", "last-modified"))
# They are kept and sent back: what is long or has characters that no header may have is not.
_VALIDATOR = r"[\x20-\x7e]{1,400}"


def _conditions(state: State | None) -> dict[str, str]:
    asked = {"etag": "If-None-Match", "modified": "If-Modified-Since"}
    return {header: str(state[key]) for key, header in asked.items() if state and state.get(key)}


def _refused(answer: Answer, now: float) -> NotFetched:
    """What an answer that brings no page means to the user."""
    status = answer.status
    if status == 410:
        return NotFetched("is gone for good (410)", "take it off the list", lasting=True, gone=True)
    if status == 404:
        return NotFetched("is not there (404)", "check the address", lasting=True)
    if status in (401, 402, 403, 451):
        return NotFetched(f"is not given to us ({status})", "give a copy of the page that you have", lasting=True)
    if status in _LATER:
        wait = _seconds(answer.headers.get("retry-after"), now)
        return NotFetched(f"is not given now ({status})", "try again later", wait=wait)
    return NotFetched(f"is answered with status {status}", "check the address", lasting=status in _LASTING)


def _seconds(asked: str | None, now: float) -> float | None:
    """A Retry-After header in seconds from ``now``; None when it says nothing that can be read. A day at most."""
    if not asked:
        return None
    asked = asked.strip()
    if re.fullmatch(r"\d{1,9}", asked):
        return float(min(int(asked), 86_400))
    try:
        at = parsedate_to_datetime(asked).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(at - now, 0.0), 86_400.0)
