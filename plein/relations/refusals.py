# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an action says no: in a sentence for whoever asked."""

IS_BACK = "is_back"


class Refused(ValueError):
    """Something cannot be done as asked; the message says why, and `field` names what is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
