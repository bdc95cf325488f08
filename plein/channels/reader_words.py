# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the readers of mail say, in the reader's own language.

Readers know no Django: they write plain English, and an import keeps it as it was said. Here are all their sentences,
so that a page can say them again in another language; one that is not here stays as it is.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("The message is empty."),
    _("What you add here does not go to %(name)s: it is not there, or may not be written. Choose again."),
    _("The message is larger than Plein takes in."),
    _("The message could not be read."),
    _("%(name)s has no certificate that can be trusted."),
    _("%(name)s refuses the user name or the password."),
    _("%(name)s broke off the conversation."),
    _("The hub of this feed answered %(count)s."),
    _("Without protection Plein only speaks to a mail server on this machine."),
    _("The message is larger than %(most)s (%(size)s): it was skipped."),
    _("The message needs more memory than reading may use."),
    _("The message could not be understood (%(why)s)."),
    _("Reading the message took too long: it was skipped."),
    _("Reading the message took more than %(most)s seconds: it was skipped."),
    _("Reading the message ended with %(why)s: it was skipped."),
    _("Reading the message failed: it was skipped."),
    _("Reading stopped: %(why)s."),
    _("The archive entry %(name)s points outside the archive: it was refused."),
    _("The archive entry %(name)s has an absolute path: it was refused."),
    _("The archive entry %(name)s has a forbidden name: it was refused."),
    _("The archive entry %(name)s is a link: it was not followed."),
    _("The archive entry %(name)s is not a file: it was refused."),
    _("The archive entry %(name)s is locked with a password: it could not be read."),
    _("The archive entry %(name)s is damaged: %(why)s."),
    _("The archive is damaged from here on and the rest could not be read: %(why)s."),
    _("The archive holds more than %(most)s entries."),
    _("The archive unpacks to more than %(most)s."),
    _("The archive of %(size)s says it unpacks to %(most)s: mail never compresses that well, so it was refused."),
    _("The archive of %(size)s unpacks to more than %(most)s: mail never compresses that well, so it was refused."),
    _("There is no file or folder %(name)s."),
    _("There is no mail in %(name)s: nothing was found in it."),
    _("There is no mail in %(name)s: %(count)s files, and the first says: %(inner)s"),
    _("The folder %(name)s cannot be read: %(why)s."),
    _("The file %(name)s may not be read by this account."),
    _("The file %(name)s is too large for a list of roles."),
    _("The file %(name)s has no column called email or email_local."),
    _("The file %(name)s cannot be read as CSV: %(why)s."),
    _("%(name)s is a link: it was not followed."),
    _("%(name)s is not a file: it was not read."),
    _("%(name)s is compressed over and over: it was refused."),
    _("%(name)s is an archive inside archives, deeper than %(most)s levels: it was refused."),
    _("%(name)s is damaged: %(why)s."),
    _("%(name)s is not mail: it is %(inner)s."),
)
#: What a file turns out to be.
FOUND = (
    _("a JPEG picture"),
    _("a PNG picture"),
    _("a GIF picture"),
    _("a PDF document"),
    _("an Outlook data file (.pst); export it as .mbox or .eml first"),
    _("an Outlook message (.msg) or an old Office document"),
    _("a program"),
    _("a Windows program"),
    _("an SQLite database"),
    _("a RAR archive; unpack it or use .zip"),
    _("a 7-Zip archive; unpack it or use .zip"),
    _("a Zstandard archive; use .zip, .tar.gz or .tar.xz"),
    _("an RTF document"),
    _("an Outlook attachment (winmail.dat)"),
    _("a vCard address file"),
    _("a calendar file"),
    _("an Office or OpenDocument file"),
    _("a web page"),
    _("an XML file"),
    _("an empty file"),
    _("a file of an unknown kind"),
    _("a text file without mail headers"),
    _("a text file without mail headers (.csv)"),
)
_PLACE = re.compile(r"%\((\w+)\)s")


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for sentence in (*SENTENCES, *FOUND):
        pieces = _PLACE.split(sentence)
        made = "".join(f"(?P<{piece}>.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
        yield sentence, re.compile(made, re.DOTALL)


_PATTERNS = tuple(_patterns())


def told(text: str) -> str:
    """What a reader said, in the language of whoever looks."""
    for sentence, pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            values = found.groupdict()
            if "inner" in values:
                values["inner"] = told(values["inner"])
            return gettext(sentence) % values if values else gettext(sentence)
    return text
