from django.urls import path

from lms.people.views import corrections, revealing

app_name = "people"

urlpatterns = [
    path("corrections/", corrections.corrections_page, name="corrections"),
    path("corrections/<int:request_id>/answer/", corrections.answer, name="correction-answer"),
    path("<int:person_id>/reveal-id/", revealing.reveal, name="reveal-id"),
]
