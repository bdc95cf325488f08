# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.moments import import_views, upload_views

urlpatterns = [
    path("import/", import_views.import_list, name="import_list"),
    path("import/uploads/", upload_views.start, name="import_upload_start"),
    path("import/uploads/<uuid:upload_id>/", upload_views.piece, name="import_upload"),
    path("import/<uuid:import_id>/", import_views.import_page, name="import"),
    path("import/<uuid:import_id>/choices", import_views.choices, name="import_choices"),
    path("import/<uuid:import_id>/start", import_views.start, name="import_start"),
    path("import/<uuid:import_id>/pause", import_views.pause, name="import_pause"),
    path("import/<uuid:import_id>/resume", import_views.resume, name="import_resume"),
    path("import/<uuid:import_id>/cancel", import_views.cancel, name="import_cancel"),
    path("import/<uuid:import_id>/undo", import_views.undo, name="import_undo"),
    path("import/<uuid:import_id>/problems/", import_views.problems, name="import_problems"),
    path("import/<uuid:import_id>/problems/<uuid:problem_id>/", import_views.problem_file, name="import_problem_file"),
    path("import/<uuid:import_id>/proposals/", import_views.proposals, name="import_proposals"),
]
