# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.telephone.views import calls, phone

app_name = "telephone"
urlpatterns = [
    path("phone/", phone.phone, name="phone"),
    path("phone/line/", phone.line, name="line"),
    path("phone/exchange/", phone.set_exchange, name="exchange"),
    path("phone/ringing", calls.ringing, name="ringing"),
    path("call/", calls.call, name="call"),
]
