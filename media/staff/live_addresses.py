"""Addresses under `/manage/livestreams/`."""

from django.urls import path

from media.staff import livestreams, questions

app_name = "livestreams"
urlpatterns = [
    path("", livestreams.listing, name="listing"),
    path("new/", livestreams.add, name="add"),
    path("<int:pk>/", livestreams.detail, name="detail"),
    path("<int:pk>/edit/", livestreams.edit, name="edit"),
    path("<int:pk>/key/", livestreams.issue_key, name="key"),
    path("<int:pk>/key/revoke/", livestreams.revoke_key, name="revoke"),
    path("<int:pk>/questions/", questions.queue, name="questions"),
    path("<int:pk>/questions.xlsx", questions.export, name="questions_export"),
    path("<int:pk>/questions/<int:question_pk>/", questions.decide, name="question"),
    path("<int:pk>/end/", livestreams.end, name="end"),
]
