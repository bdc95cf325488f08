# SPDX-License-Identifier: AGPL-3.0-or-later
class CannotListen(ValueError):
    """What was asked of a search cannot be; the message says what to do, `field` what to look at."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field
