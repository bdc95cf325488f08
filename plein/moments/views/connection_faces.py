# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a connection looks on a page: its state in words, and what was chosen for it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from plein.channels.actions import drop_address
from plein.channels.connecting import KEPT_APART, connector_of, secret_fields
from plein.channels.connectors.known import CONNECTORS
from plein.channels.live import hears_entries
from plein.channels.models import Connection, ConnectionState, Policy
from plein.channels.reader_words import told
from plein.channels.setting_words import said
from plein.channels.speaking import POSTERS
from plein.channels.websub import HubState, Telling, telling_of
from plein.moments.models import Gives
from plein.moments.queries.sharing import rules_of
from plein.trust.circles import describe
from plein.trust.permissions import may
from plein.trust.seats import Entrance

LOOKS = {
    ConnectionState.PREVIEW: ("yellow", "clock"),
    ConnectionState.ACTIVE: ("mint", "check"),
    ConnectionState.PAUSED: ("grey", "player-pause"),
    ConnectionState.STOPPED: ("rose", "alert-triangle"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """One connection as its line and the head of its page show it; `tries_at` is when it is tried again."""

    connection: Connection
    kind: str
    icon: str
    owner: str
    state: str
    tone: str
    sign: str
    waiting: int
    refused: int
    is_own: bool
    may_remove: bool
    tries_at: datetime | None
    hears_entries: bool
    speaks: bool
    drop: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of account that can be listened to."""

    key: str
    label: str
    icon: str


def kinds() -> list[Kind]:
    """What can be connected."""
    return [Kind(one.key, said(one.label), one.icon) for one in CONNECTORS]


def found_at(found: Connection) -> list[tuple[str, int]]:
    """What a look at it found in each folder, the inbox first."""
    counts: dict[str, int] = found.preview.get("counts", {})
    return sorted(counts.items(), key=lambda pair: (pair[0].upper() != "INBOX", pair[0]))


def face_of(found: Connection, actor: Entrance, waiting: int, refused: int, owner: str) -> Face:
    """How a connection looks to somebody."""
    connector = connector_of(found.connector)
    state = ConnectionState(found.state)
    tone, sign = LOOKS[state]
    words = str(state.label)
    is_in_trouble = state == ConnectionState.ACTIVE and bool(found.problem)
    if is_in_trouble:
        tone, sign, words = "yellow", "alert-triangle", _("tries again")
    is_own = found.seat_id == actor.seat_id
    return Face(
        found, said(connector.label), connector.icon, owner, words, tone, sign, waiting, refused,
        is_own, is_own or may(actor, "manage"), found.next_try_at if is_in_trouble else None,
        hears_entries(connector),
        found.connector in POSTERS and state != ConnectionState.PREVIEW, drop_address(found) if is_own else "",
    )  # fmt: skip


def facts_of(found: Connection) -> list[tuple[str, str]]:
    """What was chosen for it, in words: its settings but for the secrets, and what was asked before it began."""
    connector = connector_of(found.connector)
    facts = [
        (said(about.title) or name, _in_words(found.settings[name]))
        for name, about in connector.Settings.model_fields.items()
        if name not in secret_fields(connector) | KEPT_APART and found.settings.get(name) not in (None, "", [], False)
    ]
    if found.state == ConnectionState.PREVIEW:
        return facts
    rule = rules_of(found).default
    since = date_format(localtime(found.since), "DATE_FORMAT") if found.since else _("everything that was there")
    facts += [(_("From when on"), since)]
    if telling := telling_of(found):
        facts += [(_("How it hears of news"), _how_told(telling))]
    if hears_entries(connector):
        return [*facts, (_("Who may see it"), describe(rule.audience))]
    return [
        *facts,
        (_("Who becomes a person"), str(Policy(found.policy).label)),
        (_("Who may see it"), describe(rule.audience)),
        (_("What those colleagues get of it"), str(Gives(rule.gives).label)),
    ]


def _how_told(telling: Telling) -> str:
    """How Plein hears of news of a feed, in a few sentences."""
    hub = urlsplit(telling.hub).hostname or telling.hub
    often = _("Plein looks every minute.")
    match telling.state:
        case HubState.NONE:
            lines = [_("The feed names no hub that tells of news; Plein looks every minute.")]
        case HubState.OUT_OF_REACH:
            words = _("%(hub)s could tell of news to a Plein with a name on the internet and https, which this is not.")
            lines = [words % {"hub": hub}, often]
        case HubState.TELLS:
            words = _("%(hub)s tells of news at once, until %(until)s.") % {"hub": hub, "until": _moment(telling.until)}
            at = _moment(telling.told_at)
            last = _("Last told: %(when)s.") % {"when": at} if at else _("Nothing told yet.")
            lines = [words, last, _("Plein looks once an hour besides.")]
        case HubState.FAILED:
            words = _("%(hub)s could not be asked to tell of news: %(problem)s")
            lines = [words % {"hub": hub, "problem": told(telling.problem)}, *_again(telling), often]
        case HubState.REFUSED:
            lines = [_("%(hub)s does not want to tell of news.") % {"hub": hub}, *_again(telling), often]
        case HubState.ASKED:
            words = _("%(hub)s is asked to tell of news, and has not answered yet.")
            lines = [words % {"hub": hub}, *_again(telling), often]
    return " ".join(lines)


def _again(telling: Telling) -> list[str]:
    at = _moment(telling.again_at)
    return [_("Plein asks again on %(when)s.") % {"when": at}] if at else []


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


def _in_words(value: object) -> str:
    if value is True:
        return _("yes")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
