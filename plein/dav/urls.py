# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.dav.door import door, found
from plein.dav.feed import agenda
from plein.dav.views import bringing, devices, elsewhere

app_name = "dav"
urlpatterns = [
    path(".well-known/carddav", found, name="carddav"),
    path(".well-known/caldav", found, name="caldav"),
    path("dav/", door, name="root"),
    path("dav/<path:rest>", door, name="door"),
    path("feeds/agenda/<str:secret>.ics", agenda, name="agenda"),
    path("import/calendar/", bringing.bring_in, name="bring_in"),
    path("settings/connections/<uuid:connection_id>/elsewhere/", elsewhere.elsewhere, name="elsewhere"),
    path("settings/connections/<uuid:connection_id>/elsewhere/<uuid:mirrored_id>/", elsewhere.decide, name="decide"),
    path("settings/devices/", devices.devices, name="devices"),
    path("settings/devices/agenda/", devices.agenda_address, name="agenda_address"),
    path("settings/devices/<uuid:key>/revoke/", devices.key_revoke, name="key_revoke"),
    path("settings/devices/<uuid:kept>/back/", devices.back, name="back"),
]
