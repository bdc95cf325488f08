# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an address says: whose its domain is, or nothing when anybody may have one there; a desk, or nobody at all."""

import re
from functools import cache, lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
#: Addresses of a desk, not of a person: they belong to the organization.
_DESKS = frozenset(
    """
    info sales support help helpdesk service contact office admin administratie administration finance billing invoice
    invoices facturen factuur boekhouding accounts orders order bestellingen verkoop inkoop klantenservice
    customerservice webmaster hr jobs careers marketing news newsletter nieuwsbrief press privacy security abuse
    reception receptie secretariaat mail post team hello hallo welcome kantoor planning magazijn
    """.split()  # noqa: SIM905 — a list of words reads better than a list of quotes
)
_NOBODY = re.compile(
    r"(?:no|do-?not|niet)[-_.]?(?:reply|respond|antwoorden|beantwoorden)|mailer[-_.]?daemon|postmaster|bounces?\b|bounce[-+_]"
    r"|listserv|majordomo|mdaemon|undisclosed|owner-|.*-(?:request|bounces|owner)\Z|notifications?\b|.*-noreply\Z"
)


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


def is_nobody(address: str) -> bool:
    """Whether no person reads at this address: machines and lists announce themselves by it."""
    return bool(_NOBODY.match(address.rpartition("@")[0]))


def is_desk(address: str) -> bool:
    """Whether an address is that of a desk of an organization."""
    local = address.rpartition("@")[0]
    return local in _DESKS or local == domain_of(address).partition(".")[0]
