# SPDX-License-Identifier: AGPL-3.0-or-later
"""Social networks: which one a pasted address belongs to, and the name somebody goes by there."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Network:
    """A network: how we call it, how its profile addresses look, and how a name becomes an address again."""

    key: str
    label: str
    icon: str
    hosts: tuple[str, ...]
    path: re.Pattern[str]
    address: str
    name: re.Pattern[str]


def _network(key: str, label: str, icon: str, hosts: str, path: str, address: str, name: str) -> Network:
    return Network(key, label, icon, tuple(hosts.split()), re.compile(path), address, re.compile(name + r"\Z"))


_WORD = r"[\w.-]{1,80}"
NETWORKS = {
    network.key: network
    for network in (
        _network("linkedin", "LinkedIn", "brand-linkedin", "linkedin.com", r"^/((?:in|company|school)/[^/]+)",
                 "https://www.linkedin.com/{0}", r"(?:in|company|school)/[^/\s]{1,120}"),
        _network("bluesky", "Bluesky", "brand-bluesky", "bsky.app", r"^/profile/([^/]+)",
                 "https://bsky.app/profile/{0}", r"(?:did:[a-z]+:[\w.:-]+|[\w-]+(?:\.[\w-]+)+)"),
        _network("x", "X", "brand-x", "x.com twitter.com", r"^/@?(\w{1,30})", "https://x.com/{0}", r"\w{1,30}"),
        _network("instagram", "Instagram", "brand-instagram", "instagram.com", rf"^/({_WORD})",
                 "https://www.instagram.com/{0}", _WORD),
        _network("facebook", "Facebook", "brand-facebook", "facebook.com fb.com", rf"^/({_WORD})",
                 "https://www.facebook.com/{0}", _WORD),
        _network("github", "GitHub", "brand-github", "github.com", r"^/([\w-]{1,39})", "https://github.com/{0}",
                 r"[\w-]{1,39}"),
        _network("mastodon", "Mastodon", "brand-mastodon", "", r"^/(?:@|users/)([\w.-]+)(?:@([\w.-]+))?",
                 "https://{1}/@{0}", r"[\w.-]+@[\w-]+(?:\.[\w-]+)+"),
    )
}  # fmt: skip
#: Pages of a network that are nobody's profile.
NOBODY = frozenset(
    [
        "home",
        "login",
        "signup",
        "share",
        "search",
        "explore",
        "about",
        "help",
        "settings",
        "intent",
        "hashtag",
        "i",
        "p",
        "watch",
        "groups",
    ]
)


@dataclass(frozen=True, slots=True)
class Handle:
    """A name on a network."""

    network: str
    name: str


def profile_address(network: str, name: str) -> str:
    """The address of somebody's page on a network, or nothing for a network we do not know."""
    known = NETWORKS.get(network)
    if known is None:
        return ""
    local, _, host = name.partition("@")
    return known.address.format(local if network == "mastodon" else name, host)


def handle_of(text: str) -> Handle | None:
    """Recognise a pasted profile address, "@name@host" or "name.bsky.social"."""
    text = text.strip()
    if re.fullmatch(r"@[\w.-]+@[\w-]+(\.[\w-]+)+", text):
        return Handle("mastodon", text[1:].lower())
    if re.fullmatch(r"@?[\w-]+\.bsky\.social", text, re.IGNORECASE):
        return Handle("bluesky", text.lstrip("@").lower())
    if not re.match(r"(https?://)?[\w-]+(\.[\w-]+)+/", text, re.IGNORECASE):
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    return _by_host(host, unquote(parts.path))


def _by_host(host: str, path: str) -> Handle | None:
    for network in NETWORKS.values():
        if any(host == known or host.endswith(f".{known}") for known in network.hosts):
            found = network.path.match(path)
            if found is None or found[1].lower() in NOBODY:
                return None
            return Handle(network.key, found[1].lower())
    found = NETWORKS["mastodon"].path.match(path)
    if found and path.startswith("/@"):
        return Handle("mastodon", f"{found[1]}@{found[2] or host}".lower())
    return None


def handle_on(network: str, text: str) -> Handle | None:
    """A name somebody typed for a network they chose, or nothing when it cannot be one."""
    known = NETWORKS.get(network)
    if known is None:
        return None
    pasted = handle_of(text)
    if pasted is not None:
        return pasted if pasted.network == network else None
    name = text.strip().lstrip("@").strip("/").lower()
    if network == "linkedin" and "/" not in name:
        name = f"in/{name}"
    return Handle(network, name) if known.name.match(name) else None
