# SPDX-License-Identifier: AGPL-3.0-or-later


class NotTaken(ValueError):
    """What a device sent is not taken in; the message says why, and `condition` is the standard's word for it."""

    def __init__(self, words: str, condition: str = "") -> None:
        super().__init__(words)
        self.condition = condition
