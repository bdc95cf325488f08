# SPDX-License-Identifier: AGPL-3.0-or-later
"""From how many bits on somebody is taken for somebody we know."""

from dataclasses import dataclass

from plein.identity.models import Settings


@dataclass(frozen=True, slots=True)
class Thresholds:
    """In bits: linked without asking; so too with a strong key in common; ahead of the next; from here on asked."""

    automatic: float = 16.0
    strong: float = 13.0
    ahead: float = 6.0
    review: float = 0.0


#: As Plein does.
PLEIN = Thresholds()


def thresholds() -> Thresholds:
    """Those of this company; one query."""
    found = Settings.objects.values_list("automatic", "strong", "ahead", "review").first()
    return PLEIN if found is None else Thresholds(*found)


def is_own_threshold() -> bool:
    """Whether this company has thresholds of its own."""
    return Settings.objects.exists()
