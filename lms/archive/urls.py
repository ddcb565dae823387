from django.urls import path

from lms.archive import views

app_name = "archive"


urlpatterns = [
    path("", views.packages_page, name="packages"),
    path("new/", views.request_new, name="new"),
    path("<int:package_id>/", views.package_page, name="package"),
    path("<int:package_id>/progress.json", views.progress, name="progress"),
    path("<int:package_id>/retry/", views.retry, name="retry"),
    path("<int:package_id>/verify/", views.verify, name="verify"),
    path("<int:package_id>/download/", views.download, name="download"),
]
