# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a live connector is: code that speaks with a network for one account, as pieces that know neither the database
nor Django.

A connector hears (`fetch`), may look first (`look`) and may speak (`send`). It keeps nothing between visits but the
cursor that it hands out; whoever calls it stores what was heard and the cursor in one transaction, so that an item
whose cursor was stored never comes again, and one whose cursor was not stored does. Everything it needs comes with
the `Visit`: it opens no connection of its own.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Protocol

from pydantic import BaseModel

from plein.channels.base import Cursor, Edited, Entry, Follow, Gone, Message, Standing, Unreadable

#: What a connector that can speak says of letting colleagues do so; see `plein/channels/speaking.py`.
SPEAKING = "Whoever may see what is heard may answer and post as this account."

type Heard = Message | Edited | Follow | Entry | Gone | Standing | Unreadable


class Trouble(Exception):
    """The other side could not be heard or spoken to; the message is a plain sentence for the owner of the connection.

    `is_lasting` says that trying again changes nothing until somebody does something (a password that is refused, an
    account that is gone). `retry_after` is how many seconds the other side asked us to wait, if it did.
    """

    def __init__(self, words: str, *, is_lasting: bool = False, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.is_lasting = is_lasting
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Reply:
    """What a web server answered: the status, its headers (names in lower case), the body, and the final address."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Net(Protocol):
    """The one way out for connectors: every address is looked at before anything connects to it.

    All raise `Trouble` for names that do not resolve or may not be visited, silence, wrong certificates, bodies over
    the limit, too many redirects, slow drips; 429 and 503 become a Trouble with `retry_after`, other statuses a Reply.
    """

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_bytes: int = 8_000_000,
        timeout: float = 30.0,
    ) -> Reply:
        """One request and its answer; redirects are followed within limits, and never carry secrets to another host."""
        ...

    def lines(self, url: str, *, headers: Mapping[str, str] | None = None, most_seconds: float) -> Iterator[str]:
        """The lines of an answer that goes on (a stream of events) as they arrive, for at most so long."""
        ...

    def plug(self, host: str, port: int, *, timeout: float = 30.0) -> socket.socket:
        """A plain TCP connection for other protocols (IMAP, SMTP); TLS is the caller's, with certificates checked."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to a network for one connection.

    `settings` is the connector's own settings class with the values of this connection, secrets included. `cursor` is
    where the last visit ended ("" at first). `since` is from when the owner wants to hear. `spool` is a folder for
    bytes of attachments and unreadable messages, as files named by their SHA-256. `should_stop` is asked often.
    """

    settings: BaseModel
    net: Net
    spool: Path
    cursor: Cursor = ""
    since: datetime | None = None
    should_stop: Callable[[], bool] = field(default=lambda: False)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a look at an account shows before anything is fetched.

    `account` is how the network calls the account, `counts` how much there is per folder, list or room (names as the
    network writes them), `senders` how often each address wrote, as far as looking was cheap. `longest` is how many
    characters a post may have there, where the network says so.
    """

    account: str
    counts: Mapping[str, int]
    senders: Mapping[str, int] = field(default_factory=dict)
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something to say: the text, in answer to which message (its `external_id`), to whom.

    `key` is the same each time the same is tried: a network that knows idempotency keys gets it, so that a second try
    says nothing twice. `tried_since` is when it may have been tried before: a network that forgets keys looks whether
    the account said it since then. What answers something is never more public than that, whatever `is_public` says.
    """

    key: str
    text: str
    to: tuple[str, ...] = ()
    in_reply_to: str = ""
    subject: str = ""
    is_public: bool = False
    tried_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What was said: the identifier under which it will be heard again, and where it stands."""

    external_id: str
    url: str = ""


class Connector(Protocol):
    """One network or protocol.

    `key` names it in the database and on the command line; `label` is its proper name; `icon` a Tabler icon;
    `Settings` is the class from which the form is made (fields with `title` and `description`, secrets as
    `SecretStr`). A connector that cannot speak has `can_send = False`, one that cannot wait for news
    `can_wait = False`. One that hears entries of calendars and address books says so with `hears_entries = True`.
    One where things are only said in answer to others says so with `only_answers = True`.
    `longest` is how many characters something said there has at most, where an account says nothing else; 0 where
    nothing is said.
    """

    key: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str]
    Settings: ClassVar[type[BaseModel]]
    can_send: ClassVar[bool]
    can_wait: ClassVar[bool]
    longest: ClassVar[int]

    def look(self, visit: Visit) -> Glimpse:
        """What is there, without fetching it; also the test of a connection. Raises Trouble."""
        ...

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Heard | None]]:
        """What is new since the cursor, oldest first, each with the cursor after it. Raises Trouble.

        None comes where nothing was heard and the place to go on from is another one all the same.
        """
        ...

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """Wait until there is news, at most so long; True when there is. Raises Trouble."""
        ...

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """Say something. Raises Trouble when it surely was not said."""
        ...


def hears_entries(connector: Connector) -> bool:
    """Whether a connector hears appointments and cards, and no messages of senders."""
    return bool(getattr(connector, "hears_entries", False))
