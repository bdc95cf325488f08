# SPDX-License-Identifier: AGPL-3.0-or-later
class CannotDo(ValueError):
    """What was asked of a message cannot be; the message says why, and `field` names what was wrong."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field
