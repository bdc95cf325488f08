# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.documents import views

app_name = "documents"
urlpatterns = [
    path("relations/<uuid:relation_id>/invoices/", views.bills, name="bills"),
    path("files/<uuid:file_id>/words", views.file_words, name="file_words"),
]
