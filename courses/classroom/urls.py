from django.urls import path

from courses.classroom.views import calendar, trip

urlpatterns = [
    path("classroom/", calendar.classroom, name="classroom"),
    path("classroom/<uuid:trip_key>/", trip.trip, name="classroom-trip"),
    path("classroom/<uuid:trip_key>/sign-up/", trip.ask, name="classroom-sign-up"),
    path("classroom/<uuid:trip_key>/withdraw/", trip.give_back, name="classroom-withdraw"),
    path("classroom/<uuid:trip_key>/trip.ics", trip.calendar_file, name="classroom-calendar-file"),
]
