# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes messages of posts on Bluesky, and follows of followers."""

import hashlib
import re
from typing import Any

from plein.channels.base import Address, Follow, Message, Role
from plein.channels.connectors.answers import mapping, objects
from plein.channels.connectors.posts import Post, clean, message_of, moment, one_line, web_address

NETWORK = "bluesky"
COLLECTION = "app.bsky.feed.post"
_LINK = re.compile(rb"https?://[^\s<>\"']{3,500}[^\s<>\"'.,;:!?)\]]")
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
#: Keys of records look like moments; ours are spread over ten years that are over.
_FIRST, _YEARS = 1_420_070_400_000_000, 315_000_000_000_000


def address(profile: dict[str, Any], role: Role) -> Address:
    """Who an account is: by its name, or by its number while it has no valid one."""
    name = clean(profile.get("handle"), 300).strip().lower()
    if not name or name == "handle.invalid":
        name = clean(profile.get("did"), 300).strip()
    return Address(role, one_line(profile.get("displayName"), 200), name, "handle", NETWORK)


def message(view: dict[str, Any], folder: str, account: str) -> Message | None:
    """The message that a post is; None for what has no identity or no author."""
    record = mapping(view.get("record"))
    uri = clean(view.get("uri"), 1000)
    author = address(mapping(view.get("author")), "from")
    if not uri.startswith("at://") or not author.address:
        return None
    reply = mapping(record.get("reply"))
    return message_of(
        Post(
            external_id=uri,
            author=author,
            sent_at=moment(record.get("createdAt")) or moment(view.get("indexedAt")),
            text=_text(record, mapping(view.get("embed"))),
            in_reply_to=clean(mapping(reply.get("parent")).get("uri"), 1000),
            root=clean(mapping(reply.get("root")).get("uri"), 1000),
            url=page_of(uri, author.address),
            place=folder,
            folder=folder,
            mailbox=account,
        )
    )


def page_of(uri: str, name: str) -> str:
    """Where people read a post."""
    return f"https://bsky.app/profile/{name}/post/{uri.rpartition('/')[2]}"


def _text(record: dict[str, Any], embed: dict[str, Any]) -> str:
    """What it says, with the addresses it leads to and what stands on its pictures."""
    said = clean(record.get("text"))
    lines = [said]
    for facet in objects(record.get("facets")):
        for feature in objects(facet.get("features")):
            lines.append(web_address(feature.get("uri")))
    media = mapping(embed.get("media")) or embed
    for picture in objects(media.get("images")):
        lines.append(
            f"[{one_line(picture.get('alt'), 1500) or 'image'}] {web_address(picture.get('fullsize'))}".strip()
        )
    card = mapping(media.get("external"))
    if web_address(card.get("uri")):
        lines.append(f"{one_line(card.get('title'))} {web_address(card.get('uri'))}".strip())
    quoted = mapping(embed.get("record"))
    quoted = mapping(quoted.get("record")) if not quoted.get("value") and quoted.get("record") else quoted
    words = clean(mapping(quoted.get("value")).get("text"))
    if words:
        lines += [f"> {line}" for line in words.splitlines()]
    found = [lines[0], *(line for line in dict.fromkeys(lines[1:]) if line and line not in said)]
    return "\n".join(found).strip()


def follow(profile: dict[str, Any], me: Address, since: object = None) -> Follow | None:
    """That an account follows us."""
    who = address(profile, "from")
    if not who.address:
        return None
    about = clean(profile.get("description"), 1000)
    return Follow(
        external_id=f"{NETWORK}:{clean(profile.get('did'), 300) or who.address}>{me.address}",
        who=who,
        whom=me,
        network=NETWORK,
        since=moment(since),
        about=about,
        links=tuple(dict.fromkeys(link.decode() for link in _LINK.findall(about.encode()))),
    )


def ended(name: str, me: Address) -> Follow:
    """That an account follows us no longer."""
    who = Address("from", "", name, "handle", NETWORK)
    return Follow(f"{NETWORK}:{name}>{me.address}", who, me, NETWORK, is_over=True)


def record_key(key: str) -> str:
    """The key of the record of something said: the same each time the same is tried, in the shape servers want."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16])
    stamp = (_FIRST + number % _YEARS) << 10 | (number >> 64) % 1024
    return "".join(_LETTERS[stamp >> shift & 31] for shift in range(60, -1, -5))


def facets(text: str) -> list[dict[str, Any]]:
    """The places of links in a text, counted in bytes, so that they can be clicked."""
    return [
        {
            "index": {"byteStart": found.start(), "byteEnd": found.end()},
            "features": [{"$type": "app.bsky.richtext.facet#link", "uri": found[0].decode()}],
        }
        for found in _LINK.finditer(text.encode())
    ]
