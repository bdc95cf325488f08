# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class MetadataConfig(AppConfig):
    name = "plein.metadata"
    label = "metadata"
