"""What a desk is told when it is opened."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """How a desk is served.

    Attributes:
        host: the address that it listens on. Off loopback ``users`` must name a file with users, and the connection
            must be encrypted (see ``secure``).
        port: the port that it listens on.
        users: the file of users, as ``dragoman users`` keeps it; None where whoever reaches the desk is its editor,
            which only loopback allows.
        secure: whether browsers reach it by HTTPS, its own or that of a proxy before it: cookies are then sent by no
            other way.
        behind_proxy: whether requests come through a proxy, which encrypts the connection and says whose they are.
        allowed_hosts: the names that the desk answers to; empty for any, or on loopback for those of loopback alone.
        local_user: the name under which judgements are logged where there are no users.
        read_only: whether nobody may change the ledger here.
        page: events on a page of a list.
        most_bytes: of the body of a request; of what is ingested or coded at once, too.
        most_requests: of one client in a minute.
        most_codings: texts and addresses that one client may have coded in a minute.
        behind: seconds that pages which sum up the ledger may be behind what others write; nobody is shown less than
            they wrote themselves.
        warm: whether the coder is loaded when the desk opens, so that nobody waits for it later.
    """

    host: str = "127.0.0.1"
    port: int = 8421
    users: Path | None = None
    secure: bool = False
    behind_proxy: bool = False
    allowed_hosts: tuple[str, ...] = ()
    local_user: str = "desk"
    read_only: bool = False
    page: int = 50
    most_bytes: int = 4_000_000
    most_requests: int = 1_200
    most_codings: int = 60
    warm: bool = False
    behind: float = 0.0

    @property
    def local(self) -> bool:
        """Whether only this machine reaches the desk."""
        return is_loopback(self.host) and not self.behind_proxy


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, such as ``localhost`` or ``::1``."""
    name = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
