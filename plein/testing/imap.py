# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small IMAP server for tests: folders in memory, and the ways in which real ones misbehave."""

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_NUMBERS = re.compile(r"(\d+)(:(\d+|\*))?")


@dataclass
class Box:
    """A folder: its flags, the validity of its numbers, and messages by number."""

    flags: str = "\\HasNoChildren"
    validity: int = 1
    messages: dict[int, bytes] = field(default_factory=dict)
    next: int = 1

    def add(self, data: bytes) -> int:
        """Deliver a message."""
        number, self.next = self.next, self.next + 1
        self.messages[number] = data
        return number

    def renumber(self, validity: int) -> None:
        """Give all messages other numbers, as a server does after a repair."""
        kept = list(self.messages.values())
        self.validity, self.messages, self.next = validity, {}, 1
        for data in kept:
            self.add(data)


@dataclass
class Post:
    """The mail of one account. With `drop_after` the line breaks after so many messages were given, once."""

    password: str = "secret"  # noqa: S105 — of an account in memory
    boxes: dict[str, Box] = field(default_factory=lambda: {"INBOX": Box()})
    drop_after: int | None = None
    given: int = 0
    idling: int = 0
    hang_ups: int = 0
    #: What comes just before somebody begins to wait.
    late: list[bytes] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def deliver(self, data: bytes, folder: str = "INBOX") -> None:
        """Deliver a message, and call whoever waits."""
        with self.changed:
            self.boxes[folder].add(data)
            self.changed.notify_all()

    def hang_up(self) -> None:
        """Break every line on which somebody waits."""
        with self.changed:
            self.hang_ups += 1
            self.changed.notify_all()


class _Hung(Exception):
    """The server hangs up."""


class _Talk(socketserver.StreamRequestHandler):
    post: Post
    box: Box | None = None
    #: How many messages the other side knows of.
    told: int = 0

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            tag, _space, rest = line.partition(" ")
            try:
                while literal := re.search(r"\{(\d+)\}\Z", rest):
                    self._say("+ go on")
                    told = self.rfile.read(int(literal[1])).decode()
                    rest = rest[: literal.start()] + f'"{told}"' + self.rfile.readline().decode().rstrip("\r\n")
                if self._answer(tag, rest):
                    return
            except (_Hung, OSError):
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _answer(self, tag: str, rest: str) -> bool:
        word, _space, more = rest.partition(" ")
        if word.upper() == "UID":
            word, _space, more = more.partition(" ")
        act = getattr(self, f"_{word.lower()}", None)
        if act is None:
            self._say(f"{tag} BAD unknown")
        elif (refused := act(more)) is not None:
            self._say(f"{tag} NO {refused}")
        else:
            self._say(f"{tag} OK done")
        return word.upper() == "LOGOUT"

    def _capability(self, _more: str) -> None:
        self._say("* CAPABILITY IMAP4rev1 IDLE")

    def _login(self, more: str) -> str | None:
        return None if self.post.password in more else "[AUTHENTICATIONFAILED] no"

    def _logout(self, _more: str) -> None:
        self._say("* BYE")

    def _noop(self, _more: str) -> None:
        if self.box is not None:
            self._say(f"* {len(self.box.messages)} EXISTS")

    def _list(self, _more: str) -> None:
        for name, box in self.post.boxes.items():
            self._say(f'* LIST ({box.flags}) "/" "{name}"')

    def _status(self, more: str) -> None:
        name = self._named(more)
        box = self.post.boxes[name]
        facts = f"MESSAGES {len(box.messages)} UIDNEXT {box.next} UIDVALIDITY {box.validity}"
        self._say(f'* STATUS "{name}" ({facts})')

    def _examine(self, more: str) -> str | None:
        self.box = self.post.boxes.get(self._named(more))
        if self.box is None:
            return "no such folder"
        self.told = len(self.box.messages)
        self._say(f"* {self.told} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.box.validity}] it is")
        self._say(f"* OK [UIDNEXT {self.box.next}] it is")
        return None

    def _append(self, more: str) -> None:
        found = re.match(r'"?([^"]+?)"? (?:\([^)]*\) )?"(.*)"\Z', more, re.DOTALL)
        if found is None:
            raise _Hung
        self.post.deliver(found[2].encode(), found[1])

    def _search(self, more: str) -> None:
        if named := re.search(r"<[^>]*>", more):
            numbers = [number for number, data in self._box.messages.items() if named[0].encode() in data]
            self._say(" ".join(["* SEARCH", *map(str, numbers)]))
            return
        first = int(re.findall(r"UID (\d+):\*", more)[0])
        numbers = sorted(self._box.messages)
        found = [one for one in numbers if one >= first] or numbers[-1:]
        self._say(" ".join(["* SEARCH", *map(str, found)]))

    def _fetch(self, more: str) -> None:
        which, _space, what = more.partition(" ")
        wanted = {
            number
            for first, _range, last in _NUMBERS.findall(which)
            for number in range(int(first), int(last or first) + 1)
        }
        for place, (number, data) in enumerate(sorted(self._box.messages.items()), 1):
            if number not in wanted:
                continue
            if "BODY" not in what:
                self._say(f"* {place} FETCH (UID {number} RFC822.SIZE {len(data)})")
                continue
            if self.post.drop_after is not None and self.post.given >= self.post.drop_after:
                self.post.drop_after = None
                self.wfile.write(f"* {place} FETCH (UID {number} BODY[] {{{len(data)}}}\r\n".encode() + data[:9])
                raise _Hung
            self.post.given += 1
            self.wfile.write(f"* {place} FETCH (UID {number} BODY[] {{{len(data)}}}\r\n".encode() + data + b")\r\n")

    def _idle(self, _more: str) -> None:
        for data in self.post.late:
            self.post.deliver(data)
        self.post.late.clear()
        news = ""
        if len(self._box.messages) != self.told:
            self.told = len(self._box.messages)
            news = f"\r\n* {self.told} EXISTS"
        self._say(f"+ idling{news}")
        ended = threading.Event()
        watching = threading.Thread(target=self._watch, args=[ended], daemon=True)
        with self.post.changed:
            self.post.idling += 1
            broken = self.post.hang_ups
        watching.start()
        try:
            self.rfile.readline()
        finally:
            with self.post.changed:
                self.post.idling -= 1
                ended.set()
                self.post.changed.notify_all()
            watching.join(timeout=5)
        if self.post.hang_ups != broken:
            raise _Hung

    def _watch(self, ended: threading.Event) -> None:
        """Call as soon as something comes, while the other side only listens."""
        broken = self.post.hang_ups
        with self.post.changed:
            while not ended.is_set() and self.post.hang_ups == broken:
                if len(self._box.messages) != self.told:
                    self.told = len(self._box.messages)
                    self._say(f"* {self.told} EXISTS")
                self.post.changed.wait(timeout=5)
        if not ended.is_set():
            self.connection.shutdown(socket.SHUT_RDWR)

    @property
    def _box(self) -> Box:
        if self.box is None:
            raise _Hung
        return self.box

    @staticmethod
    def _named(more: str) -> str:
        quoted = re.match(r'"([^"]*)"|(\S+)', more)
        return (quoted[1] or quoted[2]) if quoted else ""


@contextmanager
def imap_server(post: Post) -> Iterator[int]:
    """An IMAP server for this mail on this machine; gives its port."""

    class Talk(_Talk):
        pass

    Talk.post = post
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        serving.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            serving.join(timeout=5)
