# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.lists.bulk.urls import urlpatterns as bulk

app_name = "lists"
urlpatterns = [*bulk]
