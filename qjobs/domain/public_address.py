"""Public addresses of the internet: the only ones that a webhook may lead to.

The ranges are those of the IANA registries of special-purpose addresses, as `ipaddress` has them,
with what it counts as global and is none: multicast, relays that lead to an address inside of
another, and the addresses at which a cloud offers its metadata to every machine in it.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_UNICAST_6 = ip_network("2000::/3")
"""All that is assigned of IPv6: NAT64, mapped, unique local and link-local addresses are not."""
_REFUSED = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure's platform: DNS, DHCP, the agent of the machine
        "192.0.0.0/24",  # protocol assignments, two of which are global
        "192.88.99.0/24",  # relays of 6to4
        "224.0.0.0/4",  # multicast
        "2001::/23",  # protocol assignments, Teredo among them
        "2002::/16",  # 6to4, with an IPv4 address inside
        "3fff::/20",  # documentation
    )
)


def is_public(text: str) -> bool:
    """Return whether the text of an IP address is that of a public host; other texts are none.

    Args:
        text: as a socket's address has it, with or without a zone

    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, IPv6Address) and address not in _UNICAST_6:
        return False
    return address.is_global and not any(_holds(one, address) for one in _REFUSED)


def _holds(network: object, address: IPv4Address | IPv6Address) -> bool:
    return address in network  # type: ignore[operator]  # networks of both versions hold neither
