from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as some

from qjobs.domain.public_address import is_public

FORBIDDEN = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
]
"""Ranges that lead to no host of the internet, or to an address inside of another."""
NETWORKS = [ip_network(text) for text in FORBIDDEN]


@pytest.mark.parametrize("network", NETWORKS, ids=str)
@given(data=some.data())
def test_no_address_of_a_special_range_is_public(network: object, data: some.DataObject) -> None:
    """Any address of the range is refused, also in the form of IPv6 and with a zone."""
    address = data.draw(some.ip_addresses(network=network))  # type: ignore[arg-type]

    assert not is_public(str(address))
    assert not is_public(address.exploded)
    assert not is_public(f"{address}%eth0")
    if isinstance(address, IPv4Address):
        assert not is_public(f"::ffff:{address}")


@given(some.ip_addresses(v=4))
def test_an_address_of_ipv4_is_as_public_as_what_maps_it(address: IPv4Address) -> None:
    """The mapped form is unwrapped; NAT64 and 6to4, which lead anywhere, never are public."""
    mapped = IPv6Address(f"::ffff:{address}")
    high, low = divmod(int(address), 1 << 16)

    assert is_public(str(mapped)) == is_public(str(address))
    assert not is_public(f"64:ff9b::{address}")
    assert not is_public(f"2002:{high:x}:{low:x}::1")


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "20.50.2.1", "168.63.129.15", "2606:4700:4700::1111", "::ffff:8.8.8.8"]
)
def test_hosts_of_the_internet_are_public(text: str) -> None:
    """Receivers out there can be reached."""
    assert is_public(text)


@given(some.text(max_size=20))
def test_a_text_that_is_no_address_is_not_public(text: str) -> None:
    """A spelling that only a resolver understands is not let through."""
    parts = text.partition("%")[0]
    try:
        IPv4Address(parts)
    except ValueError:
        if ":" not in parts:
            assert not is_public(text)
