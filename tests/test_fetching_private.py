"""Addresses of private networks, and servers that are not who they say: never asked, never believed."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tests.fetching_site import (
    FakeClock,
    Site,
    documents,
    fetcher,
    item,
    only,
    page,
    read,
    refusals,
    rss,
    served,
)

from dragoman.fetching import Fetcher, NotFetched
from dragoman.fetching.address import is_public


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST.",
        "0.0.0.0",
        "0",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "[fe80::1]",
        "[fc00::1]",
        "[fec0::1]",
        "[ff02::1]",
        "１２７.0.0.1",
        "①②⑦.0.0.1",
    ],
)
def test_no_spelling_of_a_private_address_is_asked(host: str, site: Site) -> None:
    port = site.url.rpartition(":")[2]
    for url in (f"http://{host}:{port}/a", f"https://{host}/"):
        reason = only(url, fetcher=Fetcher(clock=FakeClock()))
        # Where the system does not know a spelling, the host is not found.
        assert "private network" in reason or "is not found" in reason or "is no name" in reason
    assert site.asked == []


def resolver(**hosts: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    return lambda host, port: hosts[host.partition(".")[0]]


def test_a_host_with_one_private_address_is_not_asked(site: Site) -> None:
    both = resolver(both=["93.184.216.34", "127.0.0.1"], mapped=["::ffff:10.0.0.1"], odd=["no address"])
    for host in ("both", "mapped", "odd"):
        assert "private network" in only(f"http://{host}.example/", fetcher=Fetcher(clock=FakeClock(), resolve=both))


def test_a_redirect_to_a_private_address_is_not_followed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # "public" stands for a host of the open Internet, served from loopback.
    monkeypatch.setattr("dragoman.fetching.address.is_public", lambda ip: ip == "127.0.0.1")
    ask = Fetcher(
        clock=FakeClock(), resolve=resolver(public=["127.0.0.1"], secret=["10.0.0.1"], meta=["169.254.169.254"])
    )
    port = site.url.rpartition(":")[2]
    for path, to in {"/a": "http://secret.example/", "/b": "//meta.example/latest", "/c": "file:///etc/passwd"}.items():
        site.put(path, b"", status=302, Location=to)
    for path, reason in {"/a": "private network (secret", "/b": "private network (meta", "/c": "scheme 'file'"}.items():
        with pytest.raises(NotFetched) as caught:
            ask.get(f"http://public.example:{port}{path}")
        assert reason in caught.value.reason
    site.put("/robots.txt", b"", status=302, Location="http://secret.example/robots.txt")
    with pytest.raises(NotFetched, match="private network"):
        Fetcher(clock=FakeClock(), resolve=resolver(public=["127.0.0.1"], secret=["10.0.0.1"])).get(
            f"http://public.example:{port}/d"
        )


def test_the_address_that_was_checked_is_the_one_that_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves otherwise the second time (DNS rebinding) gains nothing: there is no second time."""
    asked: list[str] = []
    connected: list[str] = []

    def once(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.216.34"]

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        connected.append(address[0])
        raise OSError(111, "refused")

    monkeypatch.setattr("socket.create_connection", connect)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, site.url)
    only("http://rebinding.example/", fetcher=Fetcher(clock=FakeClock(), resolve=once))
    assert asked == ["rebinding.example"]
    assert connected == ["93.184.216.34"]
    assert site.asked == []


def test_entries_of_a_feed_reach_no_private_address(site: Site) -> None:
    with served() as inside:
        secret = inside.put("/secret", page())
        public = site.url.replace("127.0.0.1", "public.example")

        # The one site is public, and no other.
        machines = {"public.example": ["127.0.0.1"]}
        ask = Fetcher(clock=FakeClock(), resolve=lambda host, port: machines.get(host, ["127.0.0.2"]))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("dragoman.fetching.address.is_public", lambda ip: ip == "127.0.0.1")
            site.put("/feed", rss(item(secret), item("http://127.0.0.1.nip.example/")), "application/xml")
            items = read(f"{public}/feed", fetcher=ask)
        assert ["private network" in one.reason for one in refusals(items)] == [True, True]
        assert inside.asked == []


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822", "8.8.8.8"])
def test_addresses_of_the_open_internet_are_asked(ip: str) -> None:
    assert is_public(ip)


# A key and certificate for these tests alone: news.example, signed by itself, valid from 2020 to 2119.
PEM = Path(__file__).with_name("fetching_news.pem")


@pytest.fixture
def secure() -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    with served(context) as site:
        yield site


def test_a_server_that_no_authority_vouches_for_is_not_believed(secure: Site) -> None:
    secure.put("/a", page())
    ask = fetcher(resolver(news=["127.0.0.1"]))
    assert "certificate that cannot be trusted" in only(f"{secure.url}/a", fetcher=ask)
    assert secure.asked == []


def test_a_certificate_has_to_be_of_the_host_by_name(secure: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))
    secure.put("/a", page())
    ask = fetcher(resolver(news=["127.0.0.1"], other=["127.0.0.1"]))
    [made] = documents(read(f"{secure.url}/a", fetcher=ask))
    assert made.url == f"{secure.url}/a"
    for other in ("other.example", "127.0.0.1"):
        url = secure.url.replace("news.example", other)
        ask = fetcher(lambda host, port: ["127.0.0.1"])
        assert "certificate that cannot be trusted" in only(f"{url}/a", fetcher=ask)
