# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "plein.lists"
    label = "lists"
