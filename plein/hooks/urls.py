# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.hooks.door import receive
from plein.hooks.views import incoming, outgoing

app_name = "hooks"
urlpatterns = [
    path("hooks/in/<str:secret>", receive, name="receive"),
    path("settings/hooks/", incoming.hook_list, name="hooks"),
    path("settings/hooks/new/", incoming.hook_new, name="hook_new"),
    path("settings/hooks/<uuid:hook_id>/", incoming.hook, name="hook"),
    path("settings/hooks/<uuid:hook_id>/example/", incoming.hook_example, name="hook_example"),
    path("settings/hooks/<uuid:hook_id>/mapping/", incoming.hook_mapping, name="hook_mapping"),
    path("settings/hooks/<uuid:hook_id>/again/", incoming.hook_again, name="hook_again"),
    path("settings/hooks/<uuid:hook_id>/rest/", incoming.hook_rest, name="hook_rest"),
    path("settings/hooks/<uuid:hook_id>/renew/", incoming.hook_renew, name="hook_renew"),
    path("settings/hooks/<uuid:hook_id>/remove/", incoming.hook_remove, name="hook_remove"),
    path("settings/hooks/out/new/", outgoing.out_new, name="out_new"),
    path("settings/hooks/out/<uuid:out_id>/", outgoing.out, name="out"),
    path("settings/hooks/out/<uuid:out_id>/try/", outgoing.out_try, name="out_try"),
    path("settings/hooks/out/<uuid:out_id>/again/", outgoing.out_again, name="out_again"),
    path("settings/hooks/out/<uuid:out_id>/rest/", outgoing.out_rest, name="out_rest"),
    path("settings/hooks/out/<uuid:out_id>/renew/", outgoing.out_renew, name="out_renew"),
    path("settings/hooks/out/<uuid:out_id>/remove/", outgoing.out_remove, name="out_remove"),
]
