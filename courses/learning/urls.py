from django.urls import path

from courses.learning.views import lectures, notes, offline, study
from courses.learning.views.catalogue import catalogue
from courses.learning.views.course import course_by_slug
from courses.learning.views.permit import segment_permit
from courses.learning.views.questions import unit_questions

urlpatterns = [
    path("courses/", catalogue, name="catalogue"),
    path("videos/permit/", segment_permit, name="segment-permit"),
    path("lectures/", lectures.lectures, name="lectures"),
    path("lectures/<str:slug>.ics", lectures.lecture_calendar, name="lecture-calendar"),
    path("courses/<str:slug>/", course_by_slug, name="course"),
    path("learn/offline/", offline.shelf_page, name="offline"),
    path("learn/offline/play/", offline.play_page, name="offline-play"),
    path("learn/offline/worker.js", offline.worker, name="offline-worker"),
    path("learn/offline/shell.json", offline.shell, name="offline-shell"),
    path("learn/offline/packs.json", offline.packs, name="offline-packs"),
    path("learn/offline/<uuid:pack_key>/return/", offline.bring_back, name="offline-return"),
    path("learn/offline/<uuid:pack_key>/give-up/", offline.give_up, name="offline-give-up"),
    path("learn/<uuid:unit_key>/offline/", offline.issue, name="offline-issue"),
    path("learn/<uuid:unit_key>/", study.study, name="study"),
    path("learn/<uuid:unit_key>/config.json", study.player_config, name="player-config"),
    path("learn/<uuid:unit_key>/live.json", study.live_state, name="live-state"),
    path("learn/<uuid:unit_key>/present/", study.present, name="present"),
    path("learn/<uuid:unit_key>/questions/", unit_questions, name="questions"),
    path("learn/<uuid:unit_key>/notes/", notes.unit_notes, name="notes"),
    path("learn/notes/", notes.all_notes, name="all-notes"),
    path("learn/notes/notes.txt", notes.notes_file, name="notes-file"),
    path("learn/notes/<uuid:note_key>/", notes.note, name="note"),
    path("learn/<uuid:unit_key>/settle/", study.settle, name="settle"),
    path("learn/<uuid:unit_key>/read/", study.read, name="read"),
]
