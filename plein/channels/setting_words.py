# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings of connectors are called, in the reader's own language.

Connectors know no Django: their settings have plain English titles. Here are all of them, so that a form can say them
again in another language; one that is not here stays as it is.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = frozenset(
    {
        _("Access token"),
        _("Account"),
        _("Address"),
        _("Address of the calendar"),
        _("Also what those we follow pass on."),
        _("App password"),
        _("Books and calendars"),
        _("Boosts"),
        _("Calendar to follow (iCalendar)"),
        _("Colleagues speak too"),
        _("Contacts and calendars (CardDAV, CalDAV)"),
        _("Everything from the accounts that this one follows."),
        _("Folders"),
        _("Feed (RSS, Atom)"),
        _("Followers"),
        _("For example https://mastodon.social"),
        _("For example https://matrix.org"),
        _("For example name.bsky.social"),
        _("Hashtags"),
        _("Home"),
        _("In Element under Settings, Help and about, Advanced: of a session of its own."),
        _("Instead of a password, where the provider uses OAuth2"),
        _("It begins with https or webcal, and often ends with .ics."),
        _("Its port"),
        _("Its protection"),
        _("Lists"),
        _("Made on the server under Preferences, Development: with read; to answer, with write:statuses too."),
        _("Made under Settings, Privacy and security, App passwords; not your own."),
        _("Mail (IMAP)"),
        _("Mentions"),
        _("Mentions, answers and quotes."),
        _("Mostly tls, at port 993"),
        _("Mostly tls, at port 465"),
        _("Mostly your address"),
        _("Names of lists of this account."),
        _("None chosen: all"),
        _("None chosen: all but junk and drafts"),
        _("None chosen: all that are not encrypted"),
        _("Outgoing server"),
        _("Password"),
        _("Port"),
        _("Protection"),
        _("Reposts"),
        _("Rooms"),
        _("Searches"),
        _("Server"),
        _("Such as dav.example.com, or the whole address that the provider names."),
        _("Such as imap.example.com"),
        _("The address of the feed, or of the website that has one."),
        _("To send as this address, such as smtp.example.com"),
        _("User name"),
        _("What I add goes there too"),
        _("What is changed in Plein is changed on the server too, where the account may do so."),
        _("What names this account, and private messages."),
        _("Where the provider has app passwords, one of those"),
        _("Who follows this account."),
        _("Whoever may see what is heard may answer and post as this account."),
        _("Whom and what you add to Plein yourself for exactly the circle of this connection."),
        _("Without the #."),
        _("Write changes back"),
        _("Words to look for in all posts."),
    }
)
#: Names that are the same in every language.
NAMES = frozenset({"Mastodon", "Bluesky", "Matrix"})


def said(words: str | None) -> str:
    """A title or description of a connector, in the language of whoever looks."""
    return gettext(words) if words else ""
