# SPDX-License-Identifier: AGPL-3.0-or-later
from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "plein.channels"
    label = "channels"
