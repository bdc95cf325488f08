# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import URLPattern, URLResolver, include, path

from plein.lists.bulk.views import asking, following

of_run = [
    path("", following.run_page, name="bulk_run"),
    path("pause/", following.pause, name="bulk_pause"),
    path("resume/", following.resume, name="bulk_resume"),
    path("cancel/", following.cancel, name="bulk_cancel"),
    path("undo/", following.undo, name="bulk_undo"),
    path("left/", following.failure_list, name="bulk_failures"),
    path("left.csv", following.failure_file, name="bulk_failure_file"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("bulk/", following.run_list, name="bulk_runs"),
    path("bulk/news/", following.news, name="bulk_news"),
    path("bulk/<uuid:run_id>/", include(of_run)),
    path("bulk/<slug:kind>/<slug:act>/", asking.bulk, name="bulk"),
]
