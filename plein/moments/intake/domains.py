# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the domain of an address says: whose it is, or nothing when anybody may have an address there."""

from functools import cache, lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def _lines(name: str) -> frozenset[str]:
    return frozenset((_DATA / name).read_text(encoding="ascii").split())


def domain_of(address: str) -> str:
    """The part after the at sign."""
    return address.rpartition("@")[2]


@lru_cache(maxsize=50_000)
def registrable(domain: str) -> str:
    """The part of a domain that somebody registered: "mail.example.co.uk" gives "example.co.uk"; "" for a bare name."""
    labels = domain.split(".")
    if len(labels) < 2 or "" in labels or labels[-1].isdigit():
        return ""
    rules = _lines("public_suffixes.txt")
    suffix = 1
    for start in range(len(labels)):
        tail = ".".join(labels[start:])
        if f"!{tail}" in rules:
            suffix = len(labels) - start - 1
            break
        if tail in rules or ".".join(["*", *labels[start + 1 :]]) in rules:
            suffix = len(labels) - start
            break
    return ".".join(labels[-suffix - 1 :]) if len(labels) > suffix else ""


@lru_cache(maxsize=50_000)
def company_domain(address: str) -> str:
    """The domain that tells for whom somebody with this address works; "" when it tells nothing."""
    domain = domain_of(address)
    own = registrable(domain)
    public = _lines("public_mail_domains.txt")
    return "" if not own or own in public or domain in public else own


@lru_cache(maxsize=50_000)
def is_ours(address: str, ours: tuple[str, ...]) -> bool:
    """Whether an address is on our side: named itself, or in one of our domains or below it."""
    domain = domain_of(address)
    return any(address == own if "@" in own else domain == own or domain.endswith(f".{own}") for own in ours)
