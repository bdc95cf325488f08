# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class MomentsConfig(AppConfig):
    name = "plein.moments"
    label = "moments"
