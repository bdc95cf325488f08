# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "plein.imports"
    label = "imports"
