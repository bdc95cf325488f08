# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors of the domains, in the order in which the manual has them."""

from plein.asking.api import router as introductions
from plein.channels.api import router as mail_server
from plein.consent.api import router as consent
from plein.dav.api import elsewhere
from plein.dav.api import routers as files
from plein.documents.api import router as documents
from plein.erasure.api import router as erasure
from plein.hooks.api import routers as webhooks
from plein.identity.api import router as identity
from plein.imports.api import router as address_books
from plein.inbox.api import router as inbox
from plein.listening.api import routers as listening
from plein.lists.api import router as lists
from plein.metadata.api import router as own_fields
from plein.moments.api import routers as moments
from plein.moments.api.texts import router as recognition
from plein.mypage.api import router as own_pages
from plein.network.api import router as network
from plein.notifications.api import router as notifications
from plein.opinions.api import router as opinions
from plein.outbox.api import router as mail
from plein.questions.api import router as questions
from plein.relations.api import router as relations
from plein.webforms.api import router as forms

DOMAINS = (
    relations,
    address_books,
    *files,
    *moments,
    elsewhere,
    documents,
    *webhooks,
    forms,
    network,
    identity,
    introductions,
    questions,
    inbox,
    *listening,
    recognition,
    opinions,
    lists,
    own_fields,
    notifications,
    consent,
    erasure,
    own_pages,
    mail,
    mail_server,
)
