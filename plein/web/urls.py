# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of Plein's own pages."""

from django.urls import path

from plein.trust.views import personal
from plein.web import (
    audit,
    audit_files,
    example_company,
    health,
    history,
    installing,
    offline,
    panels,
    record_history,
    recycle_bin,
    search,
)
from plein.web.start import start
from plein.web.style import style
from plein.web.today import today

panels.register()

app_name = "web"
urlpatterns = [
    path("", start, name="start"),
    path("today/", today, name="today"),
    path("healthz", health.health, name="health"),
    path("robots.txt", health.robots, name="robots"),
    path("favicon.ico", health.favicon, name="favicon"),
    path("settings/", personal.profile, name="settings"),
    path("palette/", search.palette, name="palette"),
    path("search/", search.search_page, name="search"),
    path("history/", history.history, name="history"),
    path("history/<uuid:operation_id>/", history.operation, name="operation"),
    path("undo/<uuid:operation_id>/", history.undo_operation, name="undo"),
    path("audit/", audit.log, name="audit"),
    path("audit/file", audit_files.log_file, name="audit_file"),
    path("audit/looked-at", audit_files.looked_file, name="audit_looked"),
    path("bin/", recycle_bin.recycle, name="bin"),
    path("relations/<uuid:relation_id>/history", record_history.relation_history, name="relation_history"),
    path("moments/<uuid:moment_id>/history", record_history.moment_history, name="moment_history"),
    path("settings/example/remove/", example_company.remove, name="example_remove"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("sw.js", installing.worker_script, name="worker"),
    path("offline-page/", installing.page, name="offline"),
    path("offline/recent", offline.recent, name="offline_recent"),
    path("offline/notes", offline.note, name="offline_note"),
    path("style/", style, name="style"),
]
