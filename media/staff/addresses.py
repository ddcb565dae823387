"""Addresses under `/manage/videos/`."""

from django.urls import path

from media.staff import pages, uploads

app_name = "videos"
urlpatterns = [
    path("", pages.listing, name="listing"),
    path("new/", pages.upload, name="upload"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<uuid:key>/", uploads.one_upload, name="one_upload"),
    path("states.json", pages.states, name="states"),
    path("<int:pk>/", pages.detail, name="detail"),
    path("<int:pk>/retry/", pages.retry, name="retry"),
    path("<int:pk>/title/", pages.rename, name="rename"),
    path("<int:pk>/captions/", pages.add_captions, name="add_captions"),
    path("<int:pk>/captions/<int:track_pk>/delete/", pages.remove_captions, name="remove_captions"),
]
