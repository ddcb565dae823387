"""What is asked of the lecturer, and what was answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models import Person
from media.models.livestream import Livestream


class LiveQuestion(models.Model):
    """One question. Others see it once a moderator shows it; the answer stays with the replay."""

    class State(models.TextChoices):
        ASKED = "asked", _("待处理")
        SHOWN = "shown", _("已公开")
        ASIDE = "aside", _("不公开")

    livestream = models.ForeignKey(Livestream, models.PROTECT, related_name="questions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # Chosen by the browser, so that sending twice asks once.
    client_key = models.UUIDField()
    text = models.CharField(_("提问"), max_length=500)
    asked_at = models.DateTimeField()
    # Where in the lecture the asker was; None before it began.
    at_seconds = models.PositiveIntegerField(null=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    answer = models.CharField(_("答复"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "client_key"], name="live_question_once_a_request"
            ),
            # An answer nobody may read is none.
            models.CheckConstraint(
                condition=models.Q(answer="") | models.Q(state="shown"),
                name="live_question_answered_is_shown",
            ),
        ]

    def __str__(self) -> str:
        return self.text
