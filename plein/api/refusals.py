# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the domains say no, gathered by what it means to a program."""

from plein.channels.actions import CannotImport, CannotUse
from plein.consent.refusals import Refused as RefusedConsent
from plein.core.payloads import Impossible
from plein.erasure.refusals import Refused as RefusedErasure
from plein.imports.actions import CannotBring
from plein.lists.export.actions import TooManyExports
from plein.lists.refusals import Refused as RefusedView
from plein.metadata.refusals import Refused as RefusedField
from plein.moments.actions import StillLeaving
from plein.outbox.refusals import CannotSend
from plein.relations.actions import Refused
from plein.trust.rates import TooOften

#: What was sent cannot be; `field`, when it is named, is what to change.
NOT_SO = (Refused, RefusedConsent, RefusedErasure, RefusedField, RefusedView, CannotSend, CannotUse)
#: What is asked about cannot be done to it as it is now.
NOT_NOW = (CannotBring, CannotImport, Impossible, StillLeaving)
#: What was done as often as it may be; `wait` says for how long, and a ValueError says it in words.
TOO_OFTEN = (TooManyExports, TooOften)
