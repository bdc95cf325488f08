# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears a mail account: several folders, each from the last message that was heard on."""

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, ClassVar

from imapclient import IMAPClient
from pydantic import BaseModel

from plein.channels.base import Cursor, Message, Unreadable
from plein.channels.connectors.imap.line import LIMITS, is_told, signed_in
from plein.channels.connectors.imap.settings import Settings
from plein.channels.connectors.mail.forwarded import taken_apart
from plein.channels.connectors.mail.limits import ReaderFailed
from plein.channels.connectors.mail.reader import read_pieces
from plein.channels.live import Glimpse, Heard, Outgoing, Sent, Trouble, Visit

#: Folders that are heard only when somebody chooses them.
_ASIDE = frozenset({b"\\junk", b"\\trash", b"\\drafts", b"\\all", b"\\flagged", b"\\noselect", b"\\nonexistent"})
#: So many messages are asked for at once, and so many bytes.
_AT_ONCE, _BYTES_AT_ONCE = 200, 8 * 1024 * 1024
#: So much of a mail is looked through for the address of the drop-box.
_HEAD = 200_000
#: So often a server that cannot call is asked whether there is news.
_ASK_EVERY = 30.0
#: A call is renewed so often, and whoever waits looks so often whether it should end.
_RENEW_EVERY, _LISTEN_FOR = 240.0, 1.0

#: By folder: the validity of its numbers, and the last one that was heard.
type Places = dict[str, tuple[int, int]]


class Imap:
    """Mail over IMAP."""

    key: ClassVar[str] = "imap"
    label: ClassVar[str] = "Mail (IMAP)"
    icon: ClassVar[str] = "mail"
    Settings: ClassVar[type[BaseModel]] = Settings
    can_send: ClassVar[bool] = False
    can_wait: ClassVar[bool] = True
    longest: ClassVar[int] = 0

    def look(self, visit: Visit) -> Glimpse:
        """How many messages there are in each folder."""
        settings = _settings(visit)
        with signed_in(visit, settings) as client:
            counts = {
                name: int(client.folder_status(name, ["MESSAGES"])[b"MESSAGES"]) for name in _folders(client, settings)
            }
        return Glimpse(settings.user_name, counts)

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Heard | None]]:
        """What is new in each folder, oldest first."""
        settings = _settings(visit)
        places = _places(visit.cursor)
        with signed_in(visit, settings) as client:
            for folder in _folders(client, settings):
                yield from _Folder(client, folder, visit, settings, places).messages()

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """Wait for a call of the server that there is something new in the inbox, or the first folder that is heard."""
        settings = _settings(visit)
        until = monotonic() + most_seconds
        with signed_in(visit, settings) as client:
            folder = next(iter(_folders(client, settings)), None)
            if folder is None:
                return False
            known = _places(visit.cursor).get(folder, (0, 0))
            chosen: dict[bytes, Any] = client.select_folder(folder, readonly=True)
            if (int(chosen[b"UIDVALIDITY"]), int(chosen.get(b"UIDNEXT", 1)) - 1) > known:
                return True
            calls = client.has_capability("IDLE")
            while monotonic() < until and not visit.should_stop():
                if _is_news(_called(client, visit, until) if calls else _asked(client, visit, until)):
                    return True
        return False

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """Mail is sent over SMTP, not over this line."""
        raise Trouble("Mail is not sent over IMAP.", is_lasting=True)


class _Folder:
    """One folder in one visit."""

    def __init__(self, client: IMAPClient, name: str, visit: Visit, settings: Settings, places: Places) -> None:
        self.client, self.name, self.visit, self.settings, self.places = client, name, visit, settings, places

    def messages(self) -> Iterator[tuple[Cursor, Heard | None]]:
        chosen: dict[bytes, Any] = self.client.select_folder(self.name, readonly=True)
        validity = int(chosen[b"UIDVALIDITY"])
        known, last = self.places.get(self.name, (validity, 0))
        if known != validity:
            # The server gave all messages other numbers: those that are here are known by what they say.
            last = 0
        newest = int(chosen.get(b"UIDNEXT", last + 1)) - 1
        uids = self._new(last)
        for start in range(0, len(uids), _AT_ONCE):
            if self.visit.should_stop():
                return
            for uid, heard in self._piece(uids[start : start + _AT_ONCE]):
                yield self._cursor(validity, uid), heard
        if newest > max(last, *uids, 0) or known != validity:
            yield self._cursor(validity, max(newest, *uids, 0)), None

    def _new(self, last: int) -> list[int]:
        wanted: list[Any] = ["UID", f"{last + 1}:*"]
        if self.visit.since is not None:
            wanted += ["SINCE", self.visit.since.date()]
        # Of a range that begins after the last message, a server gives the last message.
        return sorted(int(uid) for uid in self.client.search(wanted) if uid > last)

    def _piece(self, uids: Sequence[int]) -> Iterator[tuple[int, Heard]]:
        sizes = {uid: int(facts[b"RFC822.SIZE"]) for uid, facts in self.client.fetch(uids, ["RFC822.SIZE"]).items()}
        group: list[int] = []
        for uid in uids:
            size = sizes.get(uid, 0)
            if group and (size > LIMITS.message or sum(sizes.get(one, 0) for one in group) + size > _BYTES_AT_ONCE):
                yield from self._read(group)
                group = []
            if size > LIMITS.message:
                yield uid, Unreadable(self.name, uid, "The message is larger than Plein takes in.", "", size)
            elif uid in sizes:
                group.append(uid)
        if group:
            yield from self._read(group)

    def _read(self, uids: Sequence[int]) -> Iterator[tuple[int, Heard]]:
        """What these messages say, read by the process that may fail over them."""
        found = self.client.fetch(uids, ["BODY.PEEK[]"])
        with TemporaryDirectory(dir=self.visit.spool, prefix="pieces-") as name:
            pieces = Path(name)
            for uid in uids:
                # Whoever removed it in between removed it for us too.
                data = found.pop(uid, {}).get(b"BODY[]")
                if data is not None:
                    (pieces / str(uid)).write_bytes(data)
            dropped = self._dropped(pieces)
            with closing(self._pieces(pieces)) as read:
                for uid, one in read:
                    yield uid, self._original(uid, one) if uid in dropped and isinstance(one, Message) else one

    def _pieces(self, pieces: Path) -> Generator[tuple[int, Message | Unreadable]]:
        mailbox = self.settings.user_name
        read = read_pieces(pieces, folder=self.name, mailbox=mailbox, spool=self.visit.spool, limits=LIMITS)
        try:
            with closing(read):
                yield from read
        except ReaderFailed as trouble:
            raise Trouble(str(trouble)) from trouble

    def _dropped(self, pieces: Path) -> set[int]:
        """Which of these went to the drop-box: its secret stands among their headers, whoever wrote it there."""
        if not self.settings.drop:
            return set()
        mark = self.settings.drop_mark.encode()
        heads = {
            int(one.name): one.read_bytes()[:_HEAD].replace(b"\r", b"").partition(b"\n\n")[0]
            for one in pieces.iterdir()
        }
        return {uid for uid, head in heads.items() if mark in head.lower()}

    def _original(self, uid: int, message: Message) -> Message:
        """The mail that was forwarded to the drop-box: as a file that came along, or in the text."""
        files = [one.sha256 for one in message.attachments if one.mime == "message/rfc822" and one.sha256]
        if files:
            with TemporaryDirectory(dir=self.visit.spool, prefix="pieces-") as name:
                Path(name, str(uid)).write_bytes((self.visit.spool / files[0]).read_bytes())
                with closing(self._pieces(Path(name))) as read:
                    found = next((one for _uid, one in read if isinstance(one, Message)), None)
            if found is not None:
                return found
        return taken_apart(message, self.settings.drop_mark)

    def _cursor(self, validity: int, uid: int) -> Cursor:
        self.places[self.name] = (validity, uid)
        return json.dumps(self.places, sort_keys=True)


def _settings(visit: Visit) -> Settings:
    if not isinstance(visit.settings, Settings):
        raise TypeError(type(visit.settings))
    return visit.settings


def _places(cursor: Cursor) -> Places:
    return {name: (int(one[0]), int(one[1])) for name, one in json.loads(cursor).items()} if cursor else {}


def _folders(client: IMAPClient, settings: Settings) -> list[str]:
    """The folders that are heard, the inbox first; a chosen one that is gone is left out."""
    found: list[tuple[Sequence[bytes], bytes, str]] = client.list_folders()
    names = [
        name
        for flags, _delimiter, name in found
        if (name in settings.folders if settings.folders else not {flag.lower() for flag in flags} & _ASIDE)
    ]
    return sorted(names, key=lambda name: (name.upper() != "INBOX", name))


def _called(client: IMAPClient, visit: Visit, until: float) -> list[Any]:
    """What the server calls out of itself; the call is renewed before the server, or a box in between, gives it up."""
    renew = min(until, monotonic() + _RENEW_EVERY)
    heard: list[Any] = []
    client.idle()
    try:
        while not _is_news(heard) and monotonic() < renew and not visit.should_stop():
            if is_told(client):
                # It came together with the answer to our call: ending the call reads it.
                break
            began = monotonic()
            told = client.idle_check(timeout=_LISTEN_FOR)
            heard += told
            if not told and monotonic() - began < _LISTEN_FOR / 2:
                # Nothing, and at once: the line is closed, which ending the call finds out.
                break
    finally:
        ended = client.idle_done()
    return [*heard, *(ended[1] or [])]


def _asked(client: IMAPClient, visit: Visit, until: float) -> list[Any]:
    """What a server that cannot call answers to whether there is news."""
    again = min(until, monotonic() + _ASK_EVERY)
    while monotonic() < again and not visit.should_stop():
        sleep(max(0.05, min(again - monotonic(), _LISTEN_FOR)))
    answer: list[Any] = client.noop()[1]
    return answer


def _is_news(told: Sequence[Any]) -> bool:
    return any(isinstance(one, tuple) and len(one) > 1 and one[1] in (b"EXISTS", b"RECENT") for one in told)
