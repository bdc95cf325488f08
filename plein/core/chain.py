# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chain of the audit log: what an entry is, how it is sealed to the one before it, and when it is written.

Entries wait beside the transaction and are written when its context is left, as the last thing before it ends, because
from then on the chain is locked. What a savepoint takes back takes its entries along. The seal needs a key that is not
in the database, so whoever can write there cannot make one.

The context writes what was noted when it is left; so nothing here may import it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from plein.core.ids import new_id, now

type Fact = int | str | UUID | None

VERSION = "plein-audit-1"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: What a fact may be when it is letters: a word of ours, an id or a hash. Never a name, an address or a text.
A_WORD = re.compile(r"[a-z0-9_.:,+-]{0,100}\Z")
AN_EVENT = re.compile(r"[a-z][a-z_]{1,39}\Z")
READ = "read"
#: One look at a record in this time is one entry, for each session and token.
LOOK = timedelta(days=1)
#: Ways of looking that show what a record is called and little more; who then opens it looked further.
TITLES = frozenset({"list", "search"})
#: Through whose eyes: what one opens with one's own is another look.
THROUGH = '"look":"([0-9a-f-]{36})"'
#: The chain of what belongs to no workspace.
NOWHERE = 0


class NotForTheLog(ValueError):
    """A fact that could be a name or a text: the log outlives those whom it is about."""


class Place(Protocol):
    """What an entry takes from the context in force."""

    @property
    def workspace_id(self) -> int | None: ...
    @property
    def seat_id(self) -> UUID | None: ...
    @property
    def user_id(self) -> UUID | None: ...
    @property
    def door(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Arrival:
    """From where somebody came: by address, with which session or token. Only keyed hashes of it are kept."""

    address: str = ""
    session: str = ""
    token_id: UUID | None = None


FROM_HERE = Arrival()
#: The door says who arrives before it lets anybody in.
arrival: ContextVar[Arrival] = ContextVar("plein_arrival", default=FROM_HERE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log, without its place in the chain."""

    event: str
    workspace_id: int
    seat_id: UUID | None = None
    user_id: UUID | None = None
    door: str = ""
    origin: str = ""
    session: str = ""
    token_id: UUID | None = None
    run_id: UUID | None = None
    kind: str = ""
    records: tuple[UUID, ...] = ()
    facts: str = "{}"
    id: UUID = field(default_factory=new_id)
    at: datetime = field(default_factory=lambda: now())


def canonical(entry: Any, seq: int) -> bytes:
    """What of an entry is sealed: all of it, each value on a line of its own."""
    lines = (
        VERSION,
        entry.workspace_id,
        seq,
        entry.id,
        (entry.at - EPOCH) // timedelta(microseconds=1),
        entry.event,
        entry.seat_id or "",
        entry.user_id or "",
        entry.door,
        entry.origin,
        entry.session,
        entry.token_id or "",
        entry.run_id or "",
        entry.kind,
        ",".join(map(str, entry.records)),
        entry.facts,
    )
    return "\n".join(map(str, lines)).encode()


def _derived(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"plein-audit").digest()


@cache
def _known(secrets: tuple[str, ...]) -> dict[str, bytes]:
    keys = [_derived(secret) for secret in secrets]
    return {hmac.digest(key, b"name", "sha256").hex()[:8]: key for key in keys}


def keys() -> dict[str, bytes]:
    """The keys that seals may be made with, the present one first, by the names that entries carry."""
    return _known((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def present_key() -> tuple[str, bytes]:
    """The key that seals are made with now, and its name."""
    return next(iter(keys().items()))


def seal(key: bytes, *parts: bytes) -> bytes:
    """A seal that only who has the key can make."""
    return hmac.digest(key, b"".join(parts), "sha256")


def head_seal(key: bytes, kind: str, workspace: int, seq: int, digest: bytes) -> bytes:
    """The seal of the end of a chain."""
    return seal(key, f"{VERSION}\nhead\n{kind}\n{workspace}\n{seq}\n".encode(), digest)


def keyed(what: str, value: str) -> str:
    """A value that can be recognised but not read back: an address, an account, a session."""
    if not value:
        return ""
    return seal(present_key()[1], f"{what}\n{value}".encode()).hex()[:32]


def facts_of(facts: dict[str, Fact]) -> str:
    """Facts as they are kept; raises NotForTheLog for letters that are not a word of ours."""
    kept: dict[str, int | str] = {}
    for name, value in facts.items():
        if value is None:
            continue
        kept[name] = value if isinstance(value, int) else str(value)
        if isinstance(kept[name], str) and not A_WORD.match(str(kept[name])):
            raise NotForTheLog(name)
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))


def through(facts: str) -> str:
    """The look through somebody else's eyes in which an entry was made, or "" for one's own."""
    found = re.search(THROUGH, facts)
    return found[1] if found else ""


def entry_of(context: Place, event: str, kind: str, records: Iterable[UUID], facts: dict[str, Fact]) -> Entry:
    """An entry about what happens here and now."""
    if not AN_EVENT.match(event):
        raise NotForTheLog(event)
    came = arrival.get()
    return Entry(
        event=event,
        workspace_id=context.workspace_id or NOWHERE,
        seat_id=context.seat_id,
        user_id=context.user_id,
        door=re.sub(r"[^a-z]+", "_", context.door.lower())[:20],
        origin=keyed("address", came.address),
        session=keyed("session", came.session),
        token_id=came.token_id,
        kind=kind,
        records=tuple(records),
        facts=facts_of(facts),
    )


class Noted:
    """An entry that waits for the end of its transaction, in Django's own list of what follows a commit.

    That list forgets what a savepoint takes back. When the commit is there, the entry has been written long since.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.is_written = False

    def __call__(self) -> None:
        """Nothing is left to do."""


def note(entry: Entry) -> None:
    """Have an entry written when the context in force is left; at once outside any transaction."""
    if connection.in_atomic_block and entry.workspace_id != NOWHERE:
        transaction.on_commit(Noted(entry))
        return
    with transaction.atomic():
        append([entry])


def write_noted(context: Place) -> None:
    """Write what waits for this context. It locks the chain until the transaction ends, so it comes last."""
    waiting = [
        noted
        for noted in (waiting[1] for waiting in connection.run_on_commit)
        if isinstance(noted, Noted) and not noted.is_written and noted.entry.workspace_id == context.workspace_id
    ]
    if not waiting or connection.needs_rollback:
        return
    for noted in waiting:
        noted.is_written = True
    append(_without_second_looks([noted.entry for noted in waiting]))


def looks_that_go() -> list[Entry]:
    """The looks that wait in the innermost block of the transaction, and that go with it when it is turned back."""
    block = connection.savepoint_ids[-1:]
    waiting = [one[1] for one in connection.run_on_commit if one[0].issuperset(block)]
    return [noted.entry for noted in waiting if isinstance(noted, Noted) and noted.entry.event == READ]


def _without_second_looks(entries: list[Entry]) -> list[Entry]:
    """Looks at records as one entry for each way of looking, without those that were had within the day.

    Who opens what they saw in a list looked further: that is a line of its own.
    """
    looks = sorted((entry for entry in entries if entry.event == READ), key=_is_of_titles)
    if not looks:
        return entries
    seen = _seen_lately(looks)
    kept: dict[tuple[str, str], Entry] = {}
    for look in looks:
        is_title, eyes = _is_of_titles(look), through(look.facts)
        known = {record: seen[record, eyes] for record in look.records if (record, eyes) in seen}
        fresh = [record for record in look.records if record not in known or (known[record] and not is_title)]
        seen.update({(record, eyes): is_title for record in fresh})
        if fresh:
            way = look.kind, look.facts
            before = kept[way].records if way in kept else ()
            kept[way] = replace(kept.get(way, look), records=(*before, *fresh))
    return [entry for entry in entries if entry.event != READ] + list(kept.values())


def _is_of_titles(look: Entry) -> bool:
    return json.loads(look.facts).get("how") in TITLES


def _seen_lately(looks: list[Entry]) -> dict[tuple[UUID, str], bool]:
    """Which of these records the same person saw lately in the same session, through whose eyes, and whether only in
    a list.
    """
    first = looks[0]
    wanted = list({record for look in looks for record in look.records})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.record, coalesce(substring(e.facts from %s), '') AS eyes,"
            "       bool_and(e.facts::jsonb ->> 'how' = ANY (%s))"
            "  FROM core_audit_entry e CROSS JOIN LATERAL unnest(e.records) AS r (record)"
            " WHERE e.workspace_id = %s AND e.seat_id = %s AND e.event = %s AND e.at > %s"
            "   AND e.session = %s AND e.token_id IS NOT DISTINCT FROM %s AND r.record = ANY (%s)"
            " GROUP BY r.record, eyes",
            [
                THROUGH,
                list(TITLES),
                first.workspace_id,
                first.seat_id,
                READ,
                now() - LOOK,
                first.session,
                first.token_id,
                wanted,
            ],
        )
        return {(record, eyes): is_title for record, eyes, is_title in cursor.fetchall()}


def append(entries: list[Entry]) -> None:
    """Put entries at the end of the chain of the workspace in force, which stays locked until the transaction ends."""
    if not entries:
        return
    name, key = present_key()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM plein_audit_head()")
        place, seq, digest = cursor.fetchone() or (NOWHERE, 0, b"")
        digest, rows = bytes(digest), []
        for entry in entries:
            seq += 1
            digest = seal(key, digest, canonical(entry, seq))
            rows.append(_row(entry, seq, digest, name))
        last = head_seal(key, "last", place, seq, digest).hex()
        cursor.execute("SELECT plein_audit_append(%s::jsonb, %s, %s)", [json.dumps(rows), last, new_id()])


def _row(entry: Entry, seq: int, digest: bytes, key: str) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return {
        **{name: None if value is None else str(value) for name, value in values.items()},
        "at": entry.at.isoformat(),
        "records": [str(record) for record in entry.records],
        "seq": seq,
        "hash": digest.hex(),
        "key": key,
    }
