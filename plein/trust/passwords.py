# SPDX-License-Identifier: AGPL-3.0-or-later
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """A password of some length, asked for in our own words."""

    def get_error_message(self) -> str:
        return self._words()

    def get_help_text(self) -> str:
        return self._words()

    def _words(self) -> str:
        return ngettext(
            "Use at least %(count)s character. A short sentence works well.",
            "Use at least %(count)s characters. A short sentence works well.",
            self.min_length,
        ) % {"count": self.min_length}
