# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.relations.refusals import Refused


class CannotCall(Refused):
    """Why a telephone cannot be so; the message is for people, and `field` is what to change."""
