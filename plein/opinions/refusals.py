# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.relations.refusals import Refused


class CannotAsk(Refused):
    """Why a language model cannot be asked so; the message is for people, and `field` is what to change."""
