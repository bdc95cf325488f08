# SPDX-License-Identifier: AGPL-3.0-or-later
"""A way to somebody as people tell it: what, how often, since when, and how long ago it was for the last time."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plein.network.queries import Evidence, Passed
from plein.network.vocabulary import Ground

#: A note longer than this is cut.
LONGEST_NOTE = 60
#: With more kinds of contact than this only their sum is told.
FEW = 2
#: Below so much reciprocity contact came from one side.
ONE_SIDED = 0.2
#: So many days in a month, and in half a year: by then contact is old.
MONTH, OLD = 30, 180

#: A tie that somebody noted, in words: from me, and from somebody else; the second pair is how it reads back.
_YOURS = {
    Ground.FAMILY: (gettext_lazy("You and %(other)s are family"),) * 2,
    Ground.FRIEND: (gettext_lazy("You and %(other)s are friends"),) * 2,
    Ground.EX_COLLEAGUE: (gettext_lazy("You and %(other)s used to work together"),) * 2,
    Ground.KNOWS: (gettext_lazy("You and %(other)s know each other"),) * 2,
    Ground.CONNECTED: (gettext_lazy("You and %(other)s are connected online"),) * 2,
    Ground.FOLLOWS: (gettext_lazy("You follow %(other)s"), gettext_lazy("%(other)s follows you")),
    Ground.REFERRED_BY: (
        gettext_lazy("%(other)s referred you"),
        gettext_lazy("You referred %(other)s"),
    ),
    Ground.ADVISED: (
        gettext_lazy("You advised %(other)s"),
        gettext_lazy("%(other)s advised you"),
    ),
}
_THEIRS = {
    Ground.FAMILY: (gettext_lazy("%(one)s and %(other)s are family"),) * 2,
    Ground.FRIEND: (gettext_lazy("%(one)s and %(other)s are friends"),) * 2,
    Ground.EX_COLLEAGUE: (gettext_lazy("%(one)s and %(other)s used to work together"),) * 2,
    Ground.KNOWS: (gettext_lazy("%(one)s and %(other)s know each other"),) * 2,
    Ground.CONNECTED: (gettext_lazy("%(one)s and %(other)s are connected online"),) * 2,
    Ground.FOLLOWS: (gettext_lazy("%(one)s follows %(other)s"), gettext_lazy("%(other)s follows %(one)s")),
    Ground.REFERRED_BY: (
        gettext_lazy("%(other)s referred %(one)s"),
        gettext_lazy("%(one)s referred %(other)s"),
    ),
    Ground.ADVISED: (
        gettext_lazy("%(one)s advised %(other)s"),
        gettext_lazy("%(other)s advised %(one)s"),
    ),
}
_IN_SHORT = {
    Ground.COLLEAGUE: gettext_lazy("colleagues"),
    Ground.FAMILY: gettext_lazy("family"),
    Ground.FRIEND: gettext_lazy("friends"),
    Ground.EX_COLLEAGUE: gettext_lazy("former colleagues"),
    Ground.REFERRED_BY: gettext_lazy("referral"),
    Ground.ADVISED: gettext_lazy("advice"),
    Ground.KNOWS: gettext_lazy("know each other"),
    Ground.CONNECTED: gettext_lazy("connected online"),
    Ground.FOLLOWS: gettext_lazy("follows"),
}


def story(evidence: Evidence, one: str, other: str, at: datetime) -> str:
    """One reason as a sentence. Without a name for `one` it is the reader."""
    if evidence.ground == Ground.CONTACT:
        return _contact(evidence, one, other, at)
    if evidence.ground == Ground.COLLEAGUE:
        core = _colleagues(evidence, one, other)
    elif evidence.ground == Ground.OWN:
        told = _("%(one)s %(tie)s %(other)s") if one else _("You: %(tie)s %(other)s")
        core = told % {"one": one, "tie": evidence.words, "other": other}
    else:
        core = _declared(evidence, one, other)
        if not core:
            return ""
    beside = ", ".join(filter(None, (shortened(_note(evidence.note), LONGEST_NOTE), _since(evidence.starts_on))))
    return f"{core} ({beside})." if beside else f"{core}."


def _declared(evidence: Evidence, one: str, other: str) -> str:
    words = (_THEIRS if one else _YOURS).get(evidence.ground)
    if words is None:
        return ""
    return str(words[0 if evidence.is_outgoing else 1]) % {"one": one, "other": other}


def _colleagues(evidence: Evidence, one: str, other: str) -> str:
    facts = {"one": one, "other": other, "organization": evidence.organization}
    if not evidence.organization:
        words = _("%(one)s and %(other)s are colleagues") if one else _("You and %(other)s are colleagues")
    elif one:
        words = _("%(one)s and %(other)s work together at %(organization)s")
    else:
        words = _("You and %(other)s work together at %(organization)s")
    return words % facts


def _contact(evidence: Evidence, one: str, other: str, at: datetime) -> str:
    facts = {"one": one, "other": other, "what": _in_few_words(evidence)}
    told = [_passed(evidence, one) % {**facts, **_times(evidence, at)}]
    if evidence.is_cooling:
        told.append(_("It has gone quiet since."))
    elif evidence.both_ways < ONE_SIDED and evidence.moments > 1:
        told.append(_("It all came from one side."))
    return " ".join(told)


def _in_few_words(evidence: Evidence) -> str:
    parts = counted(evidence)
    return listed(parts) if 0 < len(parts) <= FEW else contacts(evidence.moments)


def _times(evidence: Evidence, at: datetime) -> dict[str, str]:
    if evidence.first_at is None or evidence.last_at is None:
        return {}
    return {"ago": ago(evidence.last_at, at), "since": month(evidence.first_at)}


def _passed(evidence: Evidence, one: str) -> str:
    """The sentence for what passed between two, by how much is known of when."""
    first, last = evidence.first_at, evidence.last_at
    if first is None or last is None:
        return _("%(one)s and %(other)s had %(what)s.") if one else _("You and %(other)s had %(what)s.")
    if evidence.moments == 1:
        once = _("%(one)s and %(other)s had %(what)s, %(ago)s.")
        return once if one else _("You and %(other)s had %(what)s, %(ago)s.")
    if (last - first).days <= MONTH:
        recent = _("%(one)s and %(other)s had %(what)s, the last one %(ago)s.")
        return recent if one else _("You and %(other)s had %(what)s, the last one %(ago)s.")
    long = _("%(one)s and %(other)s had %(what)s since %(since)s, the last one %(ago)s.")
    return long if one else _("You and %(other)s had %(what)s since %(since)s, the last one %(ago)s.")


def counted(evidence: Evidence) -> list[str]:
    """What passed between two people, by kind: "6 conversations", "14 mails"."""
    written, called = _total(evidence.written), _total(evidence.called)
    chatted, posted = _total(evidence.chatted), _total(evidence.posted)
    told = (
        (evidence.together, ngettext("%(count)d conversation", "%(count)d conversations", evidence.together)),
        (called, ngettext("%(count)d call", "%(count)d calls", called)),
        (written, ngettext("%(count)d mail", "%(count)d mails", written)),
        (chatted, ngettext("%(count)d message", "%(count)d messages", chatted)),
        (posted, ngettext("%(count)d post", "%(count)d posts", posted)),
    )
    return [words % {"count": count} for count, words in told if count]


def _total(passed: Passed) -> int:
    return passed.sent + passed.received


def contacts(count: int) -> str:
    """How often there was contact, of whatever kind."""
    return ngettext("%(count)d contact", "%(count)d contacts", count) % {"count": count}


def listed(parts: list[str]) -> str:
    """Words one after the other: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def in_short(evidence: Evidence, at: datetime) -> list[str]:
    """One reason in a word or two, for beside a line in a picture: the fuller words first."""
    if evidence.ground != Ground.CONTACT:
        return [*filter(None, (_note(evidence.note), str(_IN_SHORT.get(evidence.ground, evidence.words))))]
    first, last = evidence.first_at, evidence.last_at
    parts = counted(evidence)
    words = parts[0] if len(parts) == 1 else contacts(evidence.moments)
    if first is None or last is None:
        return [words]
    if rhythm := _rhythm(evidence.moments, first, last, at):
        return [rhythm]
    begun, ended = timezone.localtime(first).year, timezone.localtime(last).year
    years = {"what": words, "first": begun, "last": ended % 100}
    return [words] if begun == ended else [_("%(what)s, %(first)d\u2013%(last)02d") % years, words]


def _rhythm(moments: int, first: datetime, last: datetime, at: datetime) -> str:
    """How often two people are in touch nowadays, when that is often."""
    if moments < 8 or (at - last).days > 2 * MONTH:
        return ""
    each = (last - first).days / (moments - 1)
    return _("daily") if each < 2 else _("weekly") if each < 9 else ""


def ago(moment: datetime, at: datetime) -> str:
    """How long ago something was, as one says it."""
    days = max((timezone.localtime(at).date() - timezone.localtime(moment).date()).days, 0)
    if days < 2:
        return _("yesterday") if days else _("today")
    if days < 2 * MONTH:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    if days < 730:
        months = days // MONTH
        return ngettext("%(count)d month ago", "%(count)d months ago", months) % {"count": months}
    return ngettext("%(count)d year ago", "%(count)d years ago", days // 365) % {"count": days // 365}


def month(moment: datetime) -> str:
    """A month as one says it."""
    return date_format(timezone.localtime(moment), "F Y")


def _since(day: date | None) -> str:
    return _("since %(day)s") % {"day": date_format(day, "F Y")} if day is not None else ""


def _note(text: str) -> str:
    """A note without the full stop at its end, for it goes on."""
    return text.strip().rstrip(".;,")


def shortened(text: str, most: int) -> str:
    """A text on one line, cut with an ellipsis when it is too long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "\u2026"
