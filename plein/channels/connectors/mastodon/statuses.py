# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes messages of statuses, and follows of followers."""

from typing import Any

from plein.channels.base import Address, Follow, Message, Role
from plein.channels.connectors.answers import mapping, objects
from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.mastodon.server import Server
from plein.channels.connectors.posts import Post, clean, message_of, moment, one_line, web_address

NETWORK = "mastodon"


def handle(account: dict[str, Any], domain: str) -> str:
    """The name of an account as all servers know it: name@server."""
    name = clean(account.get("acct"), 300).strip().lstrip("@").lower()
    return name if not name or "@" in name else f"{name}@{domain}"


def address(account: dict[str, Any], domain: str, role: Role) -> Address:
    """Who an account is."""
    name = one_line(account.get("display_name"), 200) or one_line(account.get("username"), 200)
    return Address(role, name, handle(account, domain), "handle", NETWORK)


def message(status: dict[str, Any], server: Server, domain: str, folder: str) -> Message | None:
    """The message that a status is; None for what has no identity or no author."""
    account = mapping(status.get("account"))
    uri = clean(status.get("uri"), 1000)
    author = address(account, domain, "from")
    if not uri or not author.address:
        return None
    server.know(status)
    seen = clean(status.get("visibility")) or "public"
    answers = status.get("in_reply_to_id")
    return message_of(
        Post(
            external_id=uri,
            author=author,
            to=tuple(one for one in _mentioned(status, domain) if one.address),
            sent_at=moment(status.get("created_at")),
            html=_body(status),
            subject=one_line(status.get("spoiler_text"), 500),
            in_reply_to=server.uri_of(str(answers)) if answers else "",
            kind="chat" if seen == "direct" else "post",
            is_public=seen in ("public", "unlisted"),
            url=web_address(status.get("url")) or uri,
            place=_conversation(author, status, domain) if seen == "direct" else folder,
            folder=folder,
            mailbox=server.host,
        )
    )


def _mentioned(status: dict[str, Any], domain: str) -> list[Address]:
    return [address(one, domain, "to") for one in objects(status.get("mentions"))]


def _conversation(author: Address, status: dict[str, Any], domain: str) -> str:
    """The name of a private conversation: who are in it."""
    names = {author.address, *(one.address for one in _mentioned(status, domain))}
    return ", ".join(sorted(names))


def _body(status: dict[str, Any]) -> str:
    """What it says, the choices of a poll, and what stands on its pictures for who cannot see them."""
    parts = [clean(status.get("content"))]
    poll = objects(mapping(status.get("poll")).get("options"))
    parts += [f"<p>{_escaped(one_line(one.get('title')))}</p>" for one in poll]
    for one in objects(status.get("media_attachments")):
        words = one_line(one.get("description"), 1500) or one_line(one.get("type"), 50)
        parts.append(f"<p>[{_escaped(words)}] {_escaped(web_address(one.get('url')))}</p>")
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def follow(account: dict[str, Any], me: Address, domain: str, since: object = None) -> Follow | None:
    """That an account follows us."""
    who = address(account, domain, "from")
    if not who.address:
        return None
    fields = [html_to_text(clean(one.get("value"), 2000), 500) for one in objects(account.get("fields"))]
    return Follow(
        external_id=f"{NETWORK}:{who.address}>{me.address}",
        who=who,
        whom=me,
        network=NETWORK,
        since=moment(since),
        about=html_to_text(clean(account.get("note"), 5000), 1000),
        links=tuple(dict.fromkeys(link for one in fields if (link := web_address(one)))),
    )


def ended(name: str, me: Address) -> Follow:
    """That an account follows us no longer."""
    who = Address("from", "", name, "handle", NETWORK)
    return Follow(f"{NETWORK}:{name}>{me.address}", who, me, NETWORK, is_over=True)
