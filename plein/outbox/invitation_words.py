# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a guest reads of an appointment in the mail that invites them, in their own language."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.moments.queries.guests import GuestLine, Standing
from plein.moments.queries.occasions import Occasion, Taking
from plein.moments.repeats import in_words, read_rule


def words_for(line: GuestLine, occasion: Occasion, writer: str, note: str) -> tuple[str, str]:
    """The subject and the text of the mail to one guest."""
    language = line.relation.language[:2] if line.relation else ""
    with translation.override(language if language in dict(settings.LANGUAGES) else translation.get_language()):
        title = occasion.takes.title or _("an appointment")
        if line.standing == Standing.NEW:
            subject, first = _("Invitation: %(title)s"), _("%(name)s invites you to %(title)s.")
        elif line.standing == Standing.OFF:
            subject, first = _("Cancelled: %(title)s"), _("%(title)s is cancelled: you need not come.")
        elif line.is_only_away:
            subject, first = _("Without you: %(title)s"), _("You need not come to %(title)s on these days.")
        else:
            subject, first = _("Changed: %(title)s"), _("%(title)s has changed. This is how it is now.")
        facts = {"title": title, "name": writer}
        days = [_when(occasion.taking_on(day), occasion) for day in line.away]
        lines = [note.strip(), first % facts, "\n".join(days if line.is_only_away else _facts(occasion))]
        if line.standing != Standing.OFF and not line.is_only_away:
            lines.append(_("Your calendar can answer this mail. If it cannot, reply with your own words."))
        return (subject % facts)[:300], "\n\n".join(one for one in lines if one)


def _facts(occasion: Occasion) -> list[str]:
    takes = occasion.takes
    lines = [_("When: %(when)s") % {"when": _when(takes, occasion)}]
    if occasion.rule:
        lines.append(_("Repeats: %(rule)s") % {"rule": in_words(read_rule(occasion.rule))})
    for day, one in occasion.moved:
        facts = {"day": date_format(day, "j F Y"), "when": _when(one, occasion)}
        lines.append(_("Instead of %(day)s: %(when)s") % facts)
    lines += [_("Not on %(day)s") % {"day": date_format(day, "j F Y")} for day in occasion.gone]
    if takes.location:
        lines.append(_("Where: %(place)s") % {"place": takes.location})
    return lines


def _when(one: Taking, occasion: Occasion) -> str:
    """The day and the hours, on the clock of whoever planned it; its place is named, for guests elsewhere."""
    starts, ends = (timezone.localtime(at, occasion.zone) for at in (one.starts, one.ends))
    day, last = (date_format(at, "l j F Y") for at in (starts, ends))
    if one.is_all_day:
        return day if day == last else _("%(day)s to %(last)s") % {"day": day, "last": last}
    facts = {
        "day": day,
        "from": date_format(starts, "H:i"),
        "last": last,
        "until": date_format(ends, "H:i"),
        "zone": occasion.zone.key.replace("_", " "),
    }
    if ends <= starts:
        return _("%(day)s at %(from)s (%(zone)s)") % facts
    if day == last:
        return _("%(day)s, %(from)s to %(until)s (%(zone)s)") % facts
    return _("%(day)s %(from)s to %(last)s %(until)s (%(zone)s)") % facts
