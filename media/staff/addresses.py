"""Addresses under `/manage/videos/`."""

from django.urls import path

from media.staff import captions, library, pages, replacing, uploads

app_name = "videos"
urlpatterns = [
    path("", library.listing, name="listing"),
    path("new/", pages.upload, name="upload"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<uuid:key>/", uploads.one_upload, name="one_upload"),
    path("states.json", pages.states, name="states"),
    path("storage/", library.storage, name="storage"),
    path("<int:pk>/", pages.detail, name="detail"),
    path("<int:pk>/retry/", pages.retry, name="retry"),
    path("<int:pk>/first/", pages.raise_turn, name="raise"),
    path("<int:pk>/title/", pages.rename, name="rename"),
    path("<int:pk>/captions/", pages.add_captions, name="add_captions"),
    path("<int:pk>/captions/<int:track_pk>/delete/", pages.remove_captions, name="remove_captions"),
    path("<int:pk>/captions/<slug:language>/", captions.editor, name="captions"),
    path("<int:pk>/captions/<slug:language>.<slug:kind>", captions.download, name="captions_file"),
    path(
        "<int:pk>/captions/<slug:language>/transcript/",
        captions.transcript,
        name="captions_transcript",
    ),
    path(
        "<int:pk>/captions/<slug:language>/recognise/",
        captions.recognise,
        name="captions_recognise",
    ),
    path("<int:pk>/replace/", replacing.replace, name="replace"),
    path("<int:pk>/replace/confirm/", replacing.confirm, name="replace_confirm"),
    path("<int:pk>/replace/withdraw/", replacing.withdraw, name="replace_withdraw"),
    path("<int:pk>/hide/", library.hide, name="hide"),
    path("<int:pk>/archive/", library.archive, name="archive"),
    path("<int:pk>/delete/", library.delete, name="delete"),
]
