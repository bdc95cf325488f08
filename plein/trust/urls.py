# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of signing in and of settings."""

from django.urls import path

from plein.trust.views import company, personal, sign_in

app_name = "trust"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/<str:secret>/", sign_in.one_time_link, name="one_time_link"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("welcome/", sign_in.welcome, name="welcome"),
    path("settings/profile/", personal.profile, name="profile"),
    path("settings/theme", personal.theme, name="theme"),
    path("settings/password/", personal.password, name="password"),
    path("settings/sessions/", personal.session_list, name="sessions"),
    path("settings/sessions/end/", personal.session_end, name="session_end"),
    path("settings/tokens/", personal.tokens, name="tokens"),
    path("settings/tokens/<uuid:token>/revoke/", personal.token_revoke, name="token_revoke"),
    path("settings/users/", company.users, name="users"),
    path("settings/users/<uuid:seat>/", company.user_change, name="user_change"),
    path("settings/users/<uuid:seat>/link/", company.user_link, name="user_link"),
    path("settings/teams/", company.teams, name="teams"),
    path("settings/teams/<uuid:team>/", company.team_change, name="team_change"),
    path("settings/workspace/", company.workspace, name="workspace"),
]
