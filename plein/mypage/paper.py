# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything on somebody's own page, on paper: the same words in the same order, and nothing else."""

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from plein.moments.dossier.paper import Paper
from plein.mypage.picture import Picture, Use


def as_paper(page: Picture) -> bytes:
    """A PDF of the page, in the language in force."""
    title = _("Your page at %(company)s") % {"company": page.company}
    today = date_format(localdate(), "j F Y")
    paper = Paper(title, f"{page.company}, {today}", get_language() or "en")
    paper.name_on_top(page.name or title, title if page.name else "")
    if page.restricted_since:
        day = {"day": _day(page.restricted_since)}
        paper.text_block(_("You asked us not to use your data for now. Since %(day)s we only keep them.") % day)
    if page.do_not_contact:
        paper.text_block(_("You asked us not to contact you."))
    _uses(paper, page)
    _data(paper, page)
    paper.heading(_("Who can see it"))
    for one in (*page.readers, _("nobody outside %(company)s") % {"company": page.company}):
        paper.text_block(f"– {one}")
    _asked(paper, page)
    return bytes(paper.output())


def _day(value: object) -> str:
    return date_format(value, "j F Y")  # type: ignore[arg-type]  # a date or a time, as the page has it


def _uses(paper: Paper, page: Picture) -> None:
    paper.heading(_("What we use it for, and what you get"))
    for use in page.uses:
        paper.line_of(f"{use.name}: {_stands(use)}", use.what)
        paper.pair(_("What you get for it:"), use.benefit)
        if use.whole.until:
            paper.pair(_("Counts until"), _day(use.whole.until))
        if use.keep_months:
            kept = ngettext(
                "We keep it %(number)s month after we last needed it.",
                "We keep it %(number)s months after we last needed it.",
                use.keep_months,
            )
            paper.text_block(kept % {"number": use.keep_months})
        for part in use.parts:
            paper.pair(_("yes") if part.is_used else _("no"), part.point.words)
        paper.gap()


def _stands(use: Use) -> str:
    """How it stands, and since when."""
    if use.whole.at:
        return f"{use.whole.words}, {_day(use.whole.at)}, {use.whole.how_words}"
    return _("we do this") if use.is_used else use.whole.words


def _data(paper: Paper, page: Picture) -> None:
    paper.heading(_("What we have about you"))
    for one in page.data:
        facts = {"source": one.source, "day": _day(one.since)}
        paper.pair(one.label, f"{one.value}\n{_('%(source)s, since %(day)s') % facts}")
    if page.contacts:
        paper.heading(_("When we were in touch"))
    for contact in page.contacts:
        facts = {"first": _day(contact.first), "last": _day(contact.last)}
        paper.pair(contact.words, f"{contact.count}×, {_('first %(first)s, last %(last)s') % facts}")
    if page.questions:
        paper.heading(_("When you were asked something"))
    for question in page.questions:
        told = _("%(name)s asked you") % {"name": question.by}
        paper.pair(_day(question.at), f"{told}, {question.state_words}")


def _asked(paper: Paper, page: Picture) -> None:
    if page.asked:
        paper.heading(_("What you asked us"))
    for one in page.asked:
        paper.line_of(f"{one.kind_words[:1].upper()}{one.kind_words[1:]}: {one.state_words}", _day(one.at))
        for text in (one.about, one.words, one.why_later, one.answer):
            paper.text_block(text)
        paper.gap()
