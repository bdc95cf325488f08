# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is who in an archive: the owner is the colleague who brings it, others are known by name or number there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from plein.channels.base import Address, Follow, Message
from plein.moments.intake.book import key_of, key_of_address

#: Under which network of Plein the names in an archive stand, where that is called otherwise.
NETWORKS = {"twitter": "x"}
LABELS = {
    "linkedin": "LinkedIn",
    "twitter": "X",
    "mastodon": "Mastodon",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "slack": "Slack",
    "discourse": "Discourse",
    "stackexchange": "Stack Exchange",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "signal": "Signal",
}
_NUMBER = re.compile(r"\+\d{6,15}")


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of an archive: what they are called in it, and their mail address here."""

    source: str
    called: tuple[str, ...]
    email: str

    @property
    def network(self) -> str:
        """The network the archive is of."""
        return NETWORKS.get(self.source, self.source)

    @property
    def keys(self) -> frozenset[str]:
        """Everything that may be the owner's name or number, as it stands in the address book."""
        found = {self.email}
        for one in self.called:
            text = one.strip().lower()
            number = re.sub(r"[\s().-]+", "", text)
            found |= {
                key_of("handle", self.network, text.lstrip("@")),
                key_of("handle", self.network, self._local(one)),
            }
            if _NUMBER.fullmatch(number):
                found.add(key_of("phone", "", number))
            if "@" in text:
                found.add(text)
        return frozenset(found)

    def known(self, message: Message) -> Message:
        """The message with an address for everybody in it who has only a name."""
        return replace(message, addresses=tuple(self._known(one) for one in message.addresses))

    def known_in(self, follow: Follow) -> Follow:
        """The same for both ends of a tie."""
        return replace(follow, who=self._known(follow.who), whom=self._known(follow.whom))

    def sides(self, follows: Iterable[Follow]) -> tuple[tuple[Follow, ...], tuple[Follow, ...], tuple[Follow, ...]]:
        """Who is connected with the owner, whom the owner follows, and who follows the owner."""
        known = [self.known_in(one) for one in follows if not one.is_over]
        connected = tuple(one for one in known if one.is_mutual)
        by_owner = tuple(one for one in known if not one.is_mutual and self._is_owner(one.who))
        of_owner = tuple(one for one in known if not one.is_mutual and not self._is_owner(one.who))
        return connected, by_owner, of_owner

    def _is_owner(self, address: Address) -> bool:
        # An archive that does not say whose it is leaves the owner's end empty.
        return key_of_address(address) in self.keys or not (address.address or address.name)

    def _known(self, address: Address) -> Address:
        if address.address or not address.name:
            return address
        if address.name.strip().lower() in {one.strip().lower() for one in self.called}:
            return replace(address, address=self.email, kind="email", network="")
        # A name in somebody's telephone says who that is only as that telephone tells it.
        return replace(address, address=self._local(address.name), kind="handle", network=self.network)

    def _local(self, name: str) -> str:
        return f"{' '.join(name.lower().split())[:200]}@{self.email}"


def owner_of(source: str, called: Iterable[str], email: str) -> Owner:
    """The owner by what was found or said."""
    return Owner(source, tuple(one.strip() for one in called if one.strip()), email.lower())


def label_of(source: str) -> str:
    """What people call the network of an archive."""
    return LABELS.get(source, source)
