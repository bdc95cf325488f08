# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of Plein, by domain."""

from django.urls import URLPattern, URLResolver, include, path

from plein.api import urls as api
from plein.asking import urls as asking
from plein.channels import urls as channels
from plein.consent import urls as consent
from plein.dav import urls as dav
from plein.documents import urls as documents
from plein.erasure import urls as erasure
from plein.hooks import urls as hooks
from plein.identity import urls as identity
from plein.imports import urls as imports
from plein.inbox import urls as inbox
from plein.listening import urls as listening
from plein.lists import urls as lists
from plein.metadata import urls as metadata
from plein.moments import urls as moments
from plein.mypage import urls as mypage
from plein.network import urls as network
from plein.notifications import urls as notifications
from plein.outbox import urls as outbox
from plein.questions import urls as questions
from plein.relations import urls as relations
from plein.telephone import urls as telephone
from plein.trust import urls as trust
from plein.web import urls as web

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(web)),
    path("", include(trust)),
    path("", include(relations)),
    path("", include(consent)),
    path("", include(identity)),
    path("", include(erasure)),
    path("", include(channels)),
    path("", include(moments)),
    path("", include(metadata)),
    path("", include(lists)),
    path("", include(network)),
    path("", include(identity)),
    path("", include(notifications)),
    path("", include(outbox)),
    path("", include(asking)),
    path("", include(questions)),
    path("", include(listening)),
    path("", include(telephone)),
    path("", include(inbox)),
    path("", include(documents)),
    path("", include(imports)),
    path("", include(hooks)),
    path("", include("plein.webforms.urls")),
    path("", include("plein.opinions.urls")),
    path("", include(mypage)),
    path("", include(dav)),
    path("api/v1/", include(api)),
]

handler400 = "plein.web.errors.bad_request"
handler403 = "plein.web.errors.permission_denied"
handler404 = "plein.web.errors.page_not_found"
handler500 = "plein.web.errors.server_error"
