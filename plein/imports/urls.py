# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.imports.views import choosing, following, uploads

app_name = "imports"
urlpatterns = [
    path("import/contacts/", following.import_list, name="list"),
    path("import/contacts/uploads/", uploads.start, name="upload_start"),
    path("import/contacts/uploads/<uuid:upload_id>/", uploads.piece, name="upload"),
    path("import/contacts/<uuid:book_id>/", following.import_page, name="import"),
    path("import/contacts/<uuid:book_id>/writing", choosing.writing, name="writing"),
    path("import/contacts/<uuid:book_id>/choices", choosing.choices, name="choices"),
    path("import/contacts/<uuid:book_id>/decide", choosing.decide, name="decide"),
    path("import/contacts/<uuid:book_id>/start", following.start, name="start"),
    path("import/contacts/<uuid:book_id>/pause", following.pause, name="pause"),
    path("import/contacts/<uuid:book_id>/resume", following.resume, name="resume"),
    path("import/contacts/<uuid:book_id>/cancel", following.cancel, name="cancel"),
    path("import/contacts/<uuid:book_id>/undo", following.undo, name="undo"),
    path("import/contacts/<uuid:book_id>/left.csv", following.left_out, name="left_out"),
]
