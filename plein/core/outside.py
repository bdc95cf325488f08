# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way out: a name is resolved, each address is looked at, and the connection goes to the address looked at.

Looking at the address and not at the text is what stops `0177.0.0.1`, a name that answers another address the second
time, and IPv4 wrapped in IPv6. Clients that follow redirects ask again for each of them.
"""

import ipaddress
import socket
from dataclasses import dataclass
from time import monotonic

import idna
from django.utils.translation import gettext as _

type IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Where clouds tell the secrets of a machine to whoever asks from within: never, not even in one's own network.
_SECRETS_OF_MACHINES = tuple(
    ipaddress.ip_network(net) for net in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32")
)
#: A name with more addresses than this is tried no further.
_MOST_TRIED = 8
_WRAPS_IPV4_LAST = tuple(ipaddress.IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))


class Unreachable(OSError):
    """Nobody answers under that name; the message is for people."""


class NotAllowed(Unreachable):
    """The name leads to where Plein does not go; the message is for people."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that was looked at: the family and the address as a socket wants them."""

    family: socket.AddressFamily
    address: tuple[str, int] | tuple[str, int, int, int]


def _inner(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if wrapped is not None:
        return wrapped
    if address not in (ipaddress.IPv6Address("::1"), ipaddress.IPv6Address("::")) and any(
        address in net for net in _WRAPS_IPV4_LAST
    ):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def may_connect(text: str, *, may_be_inside: bool) -> bool:
    """Whether a connection may go to this IP address; `may_be_inside` adds one's own network and machine."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = _inner(address)
    for one in (address, inner):
        if one.is_multicast or one.is_unspecified:
            return False
        if any(one.version == net.version and one in net for net in _SECRETS_OF_MACHINES):
            return False
    if inner.is_reserved and not inner.is_loopback:
        return False
    return inner.is_global or may_be_inside


def host_name(text: str) -> str:
    """A name of a machine in ASCII, or an IP address; raises ValueError for what is neither."""
    name = text.strip().rstrip(".").lower()
    bare = name.strip("[]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if name.isascii() and name.replace("-", "").replace(".", "").replace("_", "").isalnum() and len(name) < 254:
        return name
    try:
        return idna.encode(name, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError) as trouble:
        raise ValueError(text[:80]) from trouble


def endpoints(host: str, port: int, *, may_be_inside: bool = False) -> list[Endpoint]:
    """The addresses behind a name to which a connection may go; raises NotAllowed or Unreachable."""
    try:
        found = socket.getaddrinfo(host_name(host), port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as trouble:
        raise Unreachable(_("There is no machine called %(host)s.") % {"host": host[:80]}) from trouble
    allowed = [
        Endpoint(family, address)  # type: ignore[arg-type]
        for family, _kind, _protocol, _name, address in found
        if may_connect(str(address[0]), may_be_inside=may_be_inside)
    ]
    if not allowed:
        raise NotAllowed(
            _("%(host)s is in a network that Plein does not connect to.") % {"host": host[:80]}
            + ("" if may_be_inside else " " + _("If it is your own network, say so."))
        )
    return allowed


def connect(host: str, port: int, *, timeout: float, may_be_inside: bool = False) -> socket.socket:
    """A connection to the first address behind a name that answers in time; raises NotAllowed or Unreachable."""
    until = monotonic() + timeout
    tried = endpoints(host, port, may_be_inside=may_be_inside)[:_MOST_TRIED]
    for number, one in enumerate(tried):
        plug = socket.socket(one.family, socket.SOCK_STREAM)
        # Each gets its share, so that a name with many dead addresses takes no longer than one.
        plug.settimeout(max(0.05, (until - monotonic()) / (len(tried) - number)))
        try:
            plug.connect(one.address)
        except OSError:
            plug.close()
        else:
            plug.settimeout(timeout)
            return plug
    raise Unreachable(_("%(host)s does not answer at port %(port)s.") % {"host": host[:80], "port": port})
