# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from plein.moments.views import compose, editing, files, imports, leftovers, moment, timeline, todos, uploads

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
    path("import/", imports.import_list, name="import_list"),
    path("import/uploads/", uploads.start, name="import_upload_start"),
    path("import/uploads/<uuid:upload_id>/", uploads.piece, name="import_upload"),
    path("import/<uuid:import_id>/", imports.import_page, name="import"),
    path("import/<uuid:import_id>/choices", imports.choices, name="import_choices"),
    path("import/<uuid:import_id>/start", imports.start, name="import_start"),
    path("import/<uuid:import_id>/pause", imports.pause, name="import_pause"),
    path("import/<uuid:import_id>/resume", imports.resume, name="import_resume"),
    path("import/<uuid:import_id>/cancel", imports.cancel, name="import_cancel"),
    path("import/<uuid:import_id>/undo", imports.undo, name="import_undo"),
    path("import/<uuid:import_id>/problems/", leftovers.problems, name="import_problems"),
    path("import/<uuid:import_id>/problems/<uuid:problem_id>/", leftovers.problem_file, name="import_problem_file"),
    path("import/<uuid:import_id>/proposals/", leftovers.proposals, name="import_proposals"),
]
