# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the readers of files say, in the reader's own language: they know no Django, and write plain English."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("A file of this kind holds no words."),
    _("This packed file is no letter, sheet or slides of an office program."),
    _("This file is damaged: its parts cannot be taken out."),
    _("This file is packed of more parts than any honest one. It was not read."),
    _("This file is damaged, or closed with a password."),
    _("This file unpacks to far more than it is. It was not read."),
    _("This file is larger than files are read."),
    _("This file needs more memory than reading may use."),
    _("This file cannot be opened: %(why)s."),
    _("This file could not be understood (%(why)s)."),
    _("This picture is damaged: it cannot be opened."),
    _("This picture has more dots than are read."),
    _("This is a picture, or a scan, of which no letters were read: tesseract is not installed where Plein runs."),
    _("This file takes long to read: of its pictures only the first were read for letters."),
    _("This file has a picture that broke the program that reads letters. It was not read."),
    _("This PDF is closed with a password."),
    _("This PDF is damaged: it cannot be opened."),
    _("This file wants to load something from elsewhere. It was not read."),
    _("This file is no well-formed XML: %(why)s."),
    _("Reading this file takes too long: it was given up."),
    _("This file broke the program that reads such files. It was not read."),
    _("This file holds more entries than are read at once. Ask the bank for statements of shorter times."),
    _("The bytes of this file are not here. Bring a backup of the files back."),
)


def told(text: str) -> str:
    """What a reader said, in the language of whoever looks; what is not known stays as it is."""
    for sentence in SENTENCES:
        before, place, after = sentence.partition("%(why)s")
        found = re.fullmatch(re.escape(before) + ("(.*)" if place else "") + re.escape(after), text, re.DOTALL)
        if found:
            return gettext(sentence) % {"why": found[1]} if place else gettext(sentence)
    return text
