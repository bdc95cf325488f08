# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "plein.relations"
    label = "relations"
