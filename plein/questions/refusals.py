# SPDX-License-Identifier: AGPL-3.0-or-later
"""How an action says no: in a sentence for whoever asked."""


class CannotAsk(ValueError):
    """A question or an answer cannot be as it was sent; the message says what to do, `field` what to look at."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class TooLate(ValueError):
    """What is asked about is no longer so: answered, withdrawn or over."""
