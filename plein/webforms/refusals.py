# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.relations.refusals import Refused


class CannotForm(Refused):
    """Why a form for a website cannot be so; the message is for people, and `field` is what to change."""
