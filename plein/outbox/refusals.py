# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an action says no: in a sentence for whoever asked."""


class CannotSend(ValueError):
    """A mail cannot be sent, changed or decided on as asked; `field` is what to look at."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field
