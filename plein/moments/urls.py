# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.moments import import_urls
from plein.moments.views import compose, editing, files, moment, timeline, todos

app_name = "moments"
urlpatterns = [
    path("relations/<uuid:relation_id>/timeline", timeline.relation_timeline, name="timeline"),
    path("relations/<uuid:relation_id>/moments/new", compose.compose, name="compose"),
    path("relations/<uuid:relation_id>/moments/draft", compose.draft, name="draft"),
    path("relations/<uuid:relation_id>/moments/people", compose.people, name="people"),
    path("threads/<uuid:thread_id>/", timeline.whole_thread, name="thread"),
    path("moments/<uuid:moment_id>/", moment.moment, name="moment"),
    path("moments/<uuid:moment_id>/html", files.mail_html, name="html"),
    path("moments/<uuid:moment_id>/edit", editing.edit, name="edit"),
    path("moments/<uuid:moment_id>/complete", editing.complete, name="complete"),
    path("moments/<uuid:moment_id>/cancel", editing.cancel, name="cancel"),
    path("moments/<uuid:moment_id>/delete", moment.delete, name="delete"),
    path("moments/<uuid:moment_id>/circle", moment.circle, name="circle"),
    path("moments/<uuid:moment_id>/attach", moment.attach, name="attach"),
    path("moments/<uuid:moment_id>/follow-up", moment.follow_up, name="follow_up"),
    path("moments/<uuid:moment_id>/participants/<uuid:participant_id>", moment.bind, name="bind"),
    path("files/<uuid:file_id>/", files.download, name="file"),
    path("files/<uuid:file_id>/inline", files.inline, name="file_inline"),
    path("files/<uuid:file_id>/preview", files.preview, name="file_preview"),
    path("todos/", todos.todos, name="todos"),
    path("todos/new", todos.todo_new, name="todo_new"),
    path("todos/<uuid:todo_id>/", todos.todo, name="todo"),
    path("todos/<uuid:todo_id>/tick", todos.todo_tick, name="todo_tick"),
    path("todos/<uuid:todo_id>/delete", todos.todo_delete, name="todo_delete"),
    *import_urls.urlpatterns,
]
