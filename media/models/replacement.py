"""Another source for a video that keeps its identity."""

import uuid

from django.db import models

from media.models.video import Video


def replacement_path(replacement: "SourceReplacement", _name: str) -> str:
    return f"videos/{replacement.video.key}/source-{uuid.uuid4().hex[:12]}"


class SourceReplacement(models.Model):
    """Another source for a video: proposed until confirmed, then transcoded, then the video's own."""

    video = models.OneToOneField(Video, models.CASCADE, related_name="replacement")
    source = models.FileField(upload_to=replacement_path)
    source_name = models.CharField(max_length=255, blank=True)
    source_bytes = models.PositiveBigIntegerField()
    source_sha256 = models.CharField(max_length=64)
    duration_seconds = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    has_audio = models.BooleanField()
    proposed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.video_id} {self.source_name}"
