# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small archives in the layouts the networks use; every name and word in them is made up."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

WHATSAPP_NL = """\
12-03-2026 09:14 - Berichten en oproepen zijn end-to-end versleuteld. Niemand buiten deze chat kan ze lezen.
12-03-2026 09:14 - Anna de Vries: Goedemorgen! Komt de offerte vandaag?
En nog iets: de sleutel ligt klaar.
12-03-2026 09:20 - +31 6 12345678: Ja: voor de middag.
13-03-2026 08:01 - Anna de Vries: <Media weggelaten>
13-03-2026 08:05 - +31 6 12345678 heeft de groep aangemaakt
"""
WHATSAPP_EN = """\
\u200e[3/12/26, 9:14:05\u202fAM] Anna: Messages to this chat are one thing: this is another.
[3/13/26, 11:20:59\u202fPM] Ben Okafor: \u200eimage omitted
[3/14/26, 12:00:00\u202fAM] Ben Okafor: <attached: 00000012-PHOTO.jpg> look at this
"""
WHATSAPP_DE = """\
12.03.26, 09:14 - Anna: Guten Morgen
13.03.26, 09:15 - Ben: Bild weggelassen
14.03.26, 09:16 - Ben: Bis morgen
"""
TELEGRAM = {
    "personal_information": {"user_id": 7, "first_name": "Sam", "last_name": "Bakker"},
    "chats": {
        "list": [
            {
                "name": "Anna",
                "type": "personal_chat",
                "id": 40,
                "messages": [
                    {"id": 1, "type": "service", "action": "phone_call", "actor": "Anna", "text": ""},
                    {"id": 2, "type": "message", "date_unixtime": "1704888300", "from": "Anna", "from_id": "user9",
                     "text": ["See ", {"type": "link", "text": "https://example.org"}, "!"],
                     "forwarded_from": "Someone"},
                    {"id": 3, "type": "message", "date_unixtime": "1704888400", "from": "Sam Bakker",
                     "from_id": "user7", "text": "Thanks", "reply_to_message_id": 2},
                ],
            }
        ]
    },
}  # fmt: skip
SLACK: dict[str, object] = {
    "users.json": [
        {"id": "U1", "name": "sam", "profile": {"real_name": "Sam Bakker", "email": "sam@example.org"}},
        {"id": "U2", "name": "anna", "real_name": "Anna de Vries", "profile": {}},
    ],
    "channels.json": [{"id": "C1", "name": "sales", "members": ["U1", "U2"]}],
    "dms.json": [{"id": "D1", "members": ["U1", "U2"]}],
    "sales/2026-03-12.json": [
        {"type": "message", "subtype": "channel_join", "user": "U2", "text": "<@U2> has joined", "ts": "1773300000.1"},
        {"type": "message", "user": "U1", "text": "Hi <@U2>, see <https://example.org|the page> &amp; more",
         "ts": "1773300100.000200", "thread_ts": "1773300100.000200", "reactions": [{"name": "wave", "count": 2}]},
        {"type": "message", "user": "U9", "text": "Who?", "ts": "1773300200.000300", "thread_ts": "1773300100.000200",
         "files": [{"name": "plan.pdf"}]},
    ],
    "D1/2026-03-12.json": [{"type": "message", "user": "U2", "text": "Between us", "ts": "1773300300.000100"}],
}  # fmt: skip
LINKEDIN = {
    "Connections.csv": "Notes:\n\"Some addresses are missing, because people keep them to themselves.\"\n\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Anna,de Vries,https://www.linkedin.com/in/annadevries,anna@example.org,Fictive BV,Buyer,12 Mar 2024\n"
    ",,,,,,\n"
    "Ben,Okafor,https://www.linkedin.com/in/benokafor,,,,01 Feb 2023\n",
    "messages.csv": "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,"
    "CONTENT,FOLDER\n"
    "t1,,Anna de Vries,https://www.linkedin.com/in/annadevries,Sam Bakker,https://www.linkedin.com/in/sambakker,"
    "2024-05-15 10:30:00 UTC,,\"Hello,\nshall we meet?\",INBOX\n"
    "t1,,Sam Bakker,https://www.linkedin.com/in/sambakker,Anna de Vries,https://www.linkedin.com/in/annadevries,"
    "2024-05-15 11:30:00 UTC,,<p>Yes &amp; soon</p>,INBOX\n",
    "Invitations.csv": "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n"
    "Sam Bakker,Ben Okafor,\"2/1/23, 9:05 AM\",We met at the fair.,OUTGOING,"
    "https://www.linkedin.com/in/sambakker,https://www.linkedin.com/in/benokafor\n",
    "Profile.csv": "First Name,Last Name,Headline\nSam,Bakker,Bikes\n",
}  # fmt: skip
TWITTER = {
    "data/account.js": "window.YTD.account.part0 = "
    + json.dumps([{"account": {"username": "SamBakker", "accountId": "7", "accountDisplayName": "Sam"}}]),
    "data/tweets.js": "window.YTD.tweets.part0 = "
    + json.dumps(
        [
            {"tweet": {"id_str": "100", "created_at": "Thu Nov 21 09:00:00 +0000 2024",
                       "full_text": "@annadv look https://t.co/x &lt;3", "in_reply_to_status_id_str": "99",
                       "in_reply_to_screen_name": "annadv", "entities": {
                           "urls": [{"url": "https://t.co/x", "expanded_url": "https://example.org/bikes"}],
                           "user_mentions": [{"screen_name": "annadv", "name": "Anna", "id_str": "9"}]}}}
        ]
    ),
    "data/direct-messages.js": "window.YTD.direct_messages.part0 = "
    + json.dumps(
        [{"dmConversation": {"conversationId": "7-9", "messages": [{"messageCreate": {
            "id": "5", "senderId": "9", "recipientId": "7", "text": "Hi", "createdAt": "2024-11-22T10:00:00.000Z"}}]}}]
    ),
    "data/follower.js": "window.YTD.follower.part0 = " + json.dumps([{"follower": {"accountId": "9"}}]),
    "data/following.js": "window.YTD.following.part0 = " + json.dumps([{"following": {"accountId": "12"}}]),
}  # fmt: skip
MASTODON: dict[str, object] = {
    "actor.json": {"id": "https://fosstodon.example/users/sam", "preferredUsername": "sam", "name": "Sam"},
    "outbox.json": {
        "orderedItems": [
            {"type": "Create", "object": {
                "id": "https://fosstodon.example/users/sam/statuses/1", "published": "2026-01-02T10:00:00Z",
                "content": "<p>Hello <b>world</b></p>", "to": ["https://www.w3.org/ns/activitystreams#Public"],
                "url": "https://fosstodon.example/@sam/1", "tag": [
                    {"type": "Mention", "href": "https://other.example/users/anna", "name": "@anna@other.example"}]}},
            {"type": "Create", "object": {
                "id": "https://fosstodon.example/users/sam/statuses/2", "published": "2026-01-03T10:00:00Z",
                "content": "<p>For you</p>", "to": ["https://other.example/users/anna"], "cc": [],
                "inReplyTo": "https://other.example/users/anna/statuses/9"}},
            {"type": "Announce", "id": "https://fosstodon.example/a/3", "published": "2026-01-04T10:00:00Z",
             "object": "https://other.example/@anna/11"},
        ]
    },
    "following_accounts.csv": "Account address,Show boosts\nanna@other.example,true\n",
}  # fmt: skip
FACEBOOK: dict[str, object] = {
    "your_facebook_activity/messages/inbox/anna_1/message_1.json": {
        "participants": [{"name": "Ren\u00c3\u00a9e"}, {"name": "Sam Bakker"}],
        "title": "Ren\u00c3\u00a9e",
        "messages": [
            {"sender_name": "Sam Bakker", "timestamp_ms": 1700000060000, "content": "Tot zo"},
            {"sender_name": "Ren\u00c3\u00a9e", "timestamp_ms": 1700000000000, "content": "Caf\u00c3\u00a9?",
             "photos": [{"uri": "x.jpg"}]},
        ],
    },
    "friends/friends.json": {"friends_v2": [{"name": "Ren\u00c3\u00a9e", "timestamp": 1600000000}]},
    "profile_information/profile_information.json": {"profile_v2": {"name": {"full_name": "Sam Bakker"}}},
}  # fmt: skip
INSTAGRAM: dict[str, object] = {
    "connections/followers_and_following/followers_1.json": [
        {"string_list_data": [{"href": "https://www.instagram.com/anna", "value": "anna", "timestamp": 1600000000}]}
    ],
    "connections/followers_and_following/following.json": {
        "relationships_following": [{"title": "ben", "string_list_data": [{"timestamp": 1600000000}]}]
    },
    "personal_information/personal_information.json": {
        "profile_user": [{"string_map_data": {"Username": {"value": "sambakker"}, "Name": {"value": "Sam"}}}]
    },
}
SIGNAL = {"Anna/chat.md": "[2026-01-02 10:00] Me: Hello\n[2026-01-02 10:01] Anna: Hi\nthere\n"}
DISCOURSE: dict[str, object] = {
    "topic.json": {"title": "How to true a wheel", "post_stream": {"posts": [
        {"id": 1, "username": "anna", "name": "Anna", "created_at": "2026-01-02T10:00:00.000Z", "cooked": "<p>How?</p>",
         "post_number": 1, "topic_id": 5},
        {"id": 2, "username": "sam", "created_at": "2026-01-02T11:00:00.000Z", "raw": "Slowly.", "post_number": 2,
         "topic_id": 5, "reply_to_user": {"username": "anna"}, "reply_to_post_number": 1}]}},
    "again.json": {"latest_posts": [{"id": 2, "username": "sam", "raw": "Slowly.", "topic_id": 5, "post_number": 2}]},
}  # fmt: skip
STACK = {
    "Posts.xml": '<posts><row Id="1" PostTypeId="1" CreationDate="2026-01-02T10:00:00.000" Body="&lt;p&gt;How?'
    '&lt;/p&gt;" OwnerUserId="4" Title="Wheels" /><row Id="2" PostTypeId="2" ParentId="1" OwnerUserId="99"'
    ' CreationDate="2026-01-02T11:00:00.000" Body="Slowly" /><row Id="3" PostTypeId="5" Body="a tag" /></posts>',
    "Comments.xml": '<comments><row Id="1" PostId="2" Text="Thanks" CreationDate="2026-01-02T12:00:00.000"'
    ' UserId="4" /></comments>',
    "Users.xml": '<users><row Id="4" DisplayName="Anna" /></users>',
}

type Files = Mapping[str, object]
ARCHIVES: dict[str, Files] = {
    "whatsapp": {"WhatsApp Chat met Anna.txt": WHATSAPP_NL},
    "telegram": {"result.json": TELEGRAM},
    "slack": SLACK,
    "linkedin": LINKEDIN,
    "twitter": TWITTER,
    "mastodon": MASTODON,
    "facebook": FACEBOOK,
    "instagram": INSTAGRAM,
    "signal": SIGNAL,
    "discourse": DISCOURSE,
    "stackexchange": STACK,
}


def as_bytes(content: object) -> bytes:
    """A file as it lies in an archive."""
    if isinstance(content, bytes):
        return content
    return (content if isinstance(content, str) else json.dumps(content)).encode()


def folder_of(files: Files, folder: Path) -> Path:
    """The files as a folder."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(as_bytes(content))
    return folder


def zip_of(files: Files, path: Path) -> Path:
    """The files as a zip."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, as_bytes(content))
    path.write_bytes(held.getvalue())
    return path
