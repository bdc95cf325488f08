# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.consent.views import importing, person, restricting, retention, settings

app_name = "consent"
urlpatterns = [
    path("relations/<uuid:relation_id>/consent/", person.panel, name="panel"),
    path("relations/<uuid:relation_id>/consent/all/", person.book, name="book"),
    path("relations/<uuid:relation_id>/restriction/", restricting.restriction, name="restriction"),
    path("relations/<uuid:relation_id>/consent/<uuid:purpose_id>/", person.decide, name="decide"),
    path("import/consent/", importing.lists, name="lists"),
    path("import/consent/<uuid:list_id>/", importing.one_list, name="list"),
    path("import/consent/<uuid:list_id>/discard/", importing.list_discard, name="list_discard"),
    path("settings/purposes/", settings.purpose_list, name="purposes"),
    path("settings/purposes/new/", settings.purpose_new, name="purpose_new"),
    path("settings/purposes/<uuid:purpose_id>/", settings.purpose_change, name="purpose_change"),
    path("settings/purposes/<uuid:purpose_id>/retire/", settings.purpose_retire, name="purpose_retire"),
    path("settings/purposes/<uuid:purpose_id>/back/", settings.purpose_back, name="purpose_back"),
    path("settings/never-contact/", settings.never, name="never"),
    path("settings/retention/", retention.retention, name="retention"),
    path("settings/retention/<slug:key>/", retention.rule, name="rule"),
    path("settings/retention/<slug:key>/delete/", retention.rule_delete, name="rule_delete"),
    path("settings/retention/<slug:key>/put-off/", retention.rule_put_off, name="rule_put_off"),
    path("settings/introductions/", settings.introductions, name="introductions"),
]
