# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass

from plein.core.events import Event


@dataclass(frozen=True, slots=True)
class EndpointChosen(Event):
    """An owner lets Plein ask a language model, or it works again."""
