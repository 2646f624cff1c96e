"""Addresses: which are asked for at all, how one is written, and which machines are off limits (SSRF).

A feed is a list of addresses that a stranger wrote. Without this file, it could make the machine that reads it ask
for pages of the network it stands in.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to the IP addresses that it has. Raises OSError when it has none."""

_PORTS = {"http": 80, "https": 443}
# The longest that browsers and servers agree on; real ones of news are under 500.
_LONGEST = 2048
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
# Added by whoever spreads a link; the page is the same without.
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|at_medium|at_campaign|ns_\w+)", re.I
)
# Beside what the standard library calls private: carriers' own (RFC 6598), the translators' own (RFC 8215), 6to4
# relays (RFC 7526), and the site-local range (RFC 3879), which old routers still honour.
_OFF_LIMITS = tuple(
    ipaddress.ip_network(net) for net in ("100.64.0.0/10", "192.88.99.0/24", "64:ff9b:1::/48", "fec0::/10", "5f00::/16")
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


class BadAddress(ValueError):
    """An address that is not asked for: the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address, taken apart. ``host`` is in lower case and ASCII; an IPv6 one has no brackets."""

    url: str
    scheme: str
    host: str
    port: int
    target: str
    """Path and query, as they are sent."""

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def is_address(text: str) -> bool:
    """Whether ``text`` is meant as the address of a page, and not as a path."""
    return text[:8].lower().startswith(("http://", "https://"))


def parse(url: str, base: str = "") -> Address:
    """``url``, seen from the address ``base``, taken apart and written in one way.

    Scheme and host are lower case, default ports, fragments and the marks of link trackers are gone, characters beyond
    ASCII are escaped. Raises :class:`BadAddress` for other schemes, for credentials and for what is no address.
    """
    url = url.strip()
    try:
        parts = urlsplit(urljoin(base, url) if base else url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as wrong:
        raise BadAddress("is no address that can be read") from wrong
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise BadAddress(
            f"has the scheme {scheme[:20]!r}; only http and https are fetched" if scheme else "is no address"
        )
    if len(url) > _LONGEST:
        raise BadAddress(f"is over {_LONGEST:,} characters long")
    if _UNSAFE.search(parts.netloc) or "%" in parts.netloc:
        raise BadAddress("has a host that is no name")
    if "@" in parts.netloc:
        raise BadAddress("carries a user name or password")
    if port == 0:
        raise BadAddress("has the port 0")
    host = _host(host)
    # What stands escaped stays so; the rest is escaped where HTTP needs it.
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(_untracked(parts.query), safe="/%:@!$&'()*+,;=~-._?")
    target = f"{path}?{query}" if query else path
    address = Address("", scheme, host, port or _PORTS[scheme], target)
    return Address(address.origin + target, scheme, host, address.port, target)


def _host(host: str) -> str:
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))
        except ValueError as wrong:
            raise BadAddress("has a host that is no IPv6 address") from wrong
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as wrong:
        raise BadAddress("has a host that is no name") from wrong
    if not _HOST.fullmatch(host) or len(host) > 254:
        raise BadAddress("has a host that is no name" if host else "has no host")
    return host


def _untracked(query: str) -> str:
    if not _TRACKING.search(query):
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([pair for pair in pairs if not _TRACKING.fullmatch(pair[0])])


def canonical(said: str, final: Address) -> Address:
    """The address that a page gives itself, when it is one of its own site; else the one it was had from.

    A page that names an address of another site could pass for a new version of that site's report.
    """
    try:
        own = parse(said, final.url) if said else final
    except BadAddress:
        return final
    return own if site(own.host) == site(final.host) else final


def site(host: str) -> str:
    """The host without the prefix of its feeds, telephone and mirror pages."""
    return re.sub(r"^(?:www\d?|m|mobile|amp|rss|feeds?)\.(?=[^.]+\.)", "", host.rstrip("."))


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of ``host``, as the system gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def within(seconds: float, ask: Resolve, host: str, port: int) -> Sequence[str]:
    """``ask(host, port)``, or TimeoutError: the system's resolver has no time limit of its own to set."""
    answer: list[Sequence[str] | Exception] = []

    def run() -> None:
        try:
            answer.append(ask(host, port))
        except (OSError, UnicodeError) as wrong:
            answer.append(wrong)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not answer:
        raise TimeoutError("no answer from the name server")
    if isinstance(answer[0], Exception):
        raise OSError(str(answer[0])) from answer[0]
    return answer[0]


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open Internet, and every address within it too."""
    try:
        ip: IP = ipaddress.ip_address(text)
    except ValueError:
        return False
    return all(_open(one) for one in (ip, *_within(ip)))


def _open(ip: IP) -> bool:
    shut = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified
    # Translated addresses are judged by what they translate to.
    translated = ip in _NAT64 or (isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None)
    return translated or not (shut or any(ip in net for net in _OFF_LIMITS))


def _within(ip: IP) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one stands for: mapped, compatible, 6to4, Teredo, NAT64."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64 or ip in _COMPATIBLE:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
