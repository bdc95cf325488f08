# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.documents.views import bringing, reading

app_name = "documents"
urlpatterns = [
    path("import/documents/", bringing.documents, name="bring_in"),
    path("relations/<uuid:relation_id>/invoices/", reading.bills, name="bills"),
    path("files/<uuid:file_id>/words", reading.file_words, name="file_words"),
]
