# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an action says no: in a sentence for whoever asked."""


class Refused(ValueError):
    """Somebody cannot be erased as asked; the message says why, and `field` names what is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
