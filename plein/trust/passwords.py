# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a password has to be, in our own words: long, unknown to who guesses, and not made of what everybody knows."""

import re

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.trust.breached import is_known
from plein.trust.models import User
from plein.trust.queries import seats_of

#: What people put around a word to make it look like a password, and letters they write as digits.
AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
WRITTEN_AS = str.maketrans("0134$@5!7", "oieasasit")
#: Words of our own country that lists from elsewhere lack.
HOUSE_WORDS = frozenset(
    ("welkom", "wachtwoord", "geheim", "welkomthuis", "nederland", "amsterdam", "rotterdam", "utrecht", "feyenoord")
    + ("voetbal", "zomer", "winter", "herfst", "lente", "maandag", "vrijdag", "zaterdag", "zondag", "plein", "kantoor")
    + ("bedrijf", "computer", "internet", "hallo", "vakantie", "verjaardag")
)
SHORTEST_PART, ENOUGH_OF_ONESELF = 4, 8


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


class UnknownToGuessers:
    """No password that is in the lists of who guesses, also not with digits around it, or twice in a row."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise when who guesses tries it soon."""
        del user
        if any(is_known(one) or one in HOUSE_WORDS for one in _guises(password)):
            raise ValidationError(self.get_help_text(), code="breached")

    def get_help_text(self) -> str:
        return _(
            "Others use this password, and who guesses tries it first. Put a few words together that are only yours."
        )


def _guises(password: str) -> set[str]:
    """What a password comes down to: bare, without what stands around it, and one part of what is said again."""
    guises = {password.strip().lower()}
    for _time in range(2):
        guises |= {_once(word) for word in guises}
        guises |= {AROUND.sub("", word) for word in guises}
        guises |= {word.translate(WRITTEN_AS) for word in guises}
    return {word for word in guises if len(word) >= SHORTEST_PART}


def _once(word: str) -> str:
    for times in (2, 3, 4):
        length, rest = divmod(len(word), times)
        if not rest and word == word[:length] * times:
            return word[:length]
    return word


class NotOfOneself:
    """No password that is next to nothing without the name, the address and the company of who has it."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise when what is left is too short to be a password."""
        if not isinstance(user, User):
            return
        left = password.lower()
        for part in sorted(_parts_of(user), key=len, reverse=True):
            left = left.replace(part, "")
        if left != password.lower() and len(left) < ENOUGH_OF_ONESELF:
            raise ValidationError(self.get_help_text(), code="of_oneself")

    def get_help_text(self) -> str:
        return _("Leave out your name, your address and your company: who guesses knows them.")


def _parts_of(user: User) -> set[str]:
    said = [user.name, user.email, *(seat.workspace for seat in seats_of(user))]
    words = (word for text in said for word in re.split(r"[\W_]+", text.lower()))
    return {word for word in words if len(word) >= SHORTEST_PART}
