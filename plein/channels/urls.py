# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.channels import views

app_name = "channels"
urlpatterns = [
    path("settings/mail/", views.mail, name="mail"),
    path("settings/mail/try/", views.mail_try, name="mail_try"),
    path("settings/mail/remove/", views.mail_remove, name="mail_remove"),
    path("settings/mail/sink/", views.sink, name="sink"),
    path("settings/mail/sink/<uuid:letter_id>/", views.sink_source, name="sink_source"),
]
