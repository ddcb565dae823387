from django.urls import path

from courses.learning.views import study

urlpatterns = [
    path("<uuid:unit_key>/", study.study, name="study"),
    path("<uuid:unit_key>/config.json", study.player_config, name="player-config"),
    path("<uuid:unit_key>/settle/", study.settle, name="settle"),
    path("<uuid:unit_key>/read/", study.read, name="read"),
]
