from django.urls import path

from lms.attendance.views import door

urlpatterns = [
    path("door/occasions.json", door.occasions, name="door-occasions"),
    path("door/packs/", door.take_pack, name="door-packs"),
    path("door/scans/", door.bring_scans, name="door-scans"),
]
