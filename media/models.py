"""Videos, their renditions and captions, and what each person watched of them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.common.fields import SecondsMultirangeField
from lms.people.models import Person, Posting, Unit


def source_path(video: "Video", _name: str) -> str:
    """Sources lie under the video's key; the uploaded name is kept as text only."""
    return f"videos/{video.key}/source"


def replacement_path(replacement: "SourceReplacement", _name: str) -> str:
    return f"videos/{replacement.video.key}/source-{uuid.uuid4().hex[:12]}"


class Video(models.Model):
    """One lecture. `build` names the finished set of renditions, null until one is verified."""

    class State(models.TextChoices):
        LIVE = "live", _("直播")  # nothing recorded yet, or the recording goes on
        QUEUED = "queued", _("排队中")
        TRANSCODING = "transcoding", _("转码中")
        READY = "ready", _("可播放")
        FAILED = "failed", _("没有成功")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("标题"), max_length=200)
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="videos", verbose_name=_("所属单位")
    )
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    source = models.FileField(_("视频文件"), upload_to=source_path)
    source_name = models.CharField(_("原文件名"), max_length=255, blank=True)
    source_bytes = models.PositiveBigIntegerField(default=0)
    source_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)
    duration_seconds = models.PositiveIntegerField(_("时长"), default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    has_audio = models.BooleanField(default=True)
    build = models.UUIDField(null=True, editable=False)
    # The build shown before the source was replaced: pages open now still play it.
    past_build = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("上传时间"))
    ready_at = models.DateTimeField(null=True)
    # Not offered to editors of packages any more; where it is used it stays.
    is_hidden = models.BooleanField(_("不再提供选用"), default=False)
    # Where the source lies in the cold storage; empty while it lies in the usual one.
    cold_name = models.CharField(max_length=200, blank=True, editable=False)
    cold_since = models.DateTimeField(null=True, editable=False)
    # The intent to move the source there, and why the last try did not.
    cold_wanted_at = models.DateTimeField(null=True, editable=False)
    cold_refusal = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("视频")
        verbose_name_plural = _("视频")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ready(self) -> bool:
        return self.build is not None


class Upload(models.Model):
    """A file on its way in, piece by piece. `key` becomes the video's; `received` bytes are safe."""

    class State(models.TextChoices):
        RECEIVING = "receiving", _("没传完")
        CHECKING = "checking", _("检查中")
        KEPT = "kept", _("已收好")
        REFUSED = "refused", _("没收下")
        EXPIRED = "expired", _("过期清除")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="uploads")
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=200)
    file_name = models.CharField(_("原文件名"), max_length=255)
    # What the browser knows the file by, to find it again after a reload.
    fingerprint = models.CharField(max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    expected_sha256 = models.CharField(max_length=64, blank=True)
    # The object store's name for the parts it has so far.
    multipart_id = models.TextField(blank=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("bytes")), name="upload_not_overfull"
            )
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="upload_due")]

    def __str__(self) -> str:
        return self.title


class UploadPart(models.Model):
    """What an object store holds of an upload: a numbered part, or with number 0 a piece kept aside."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(default=0)
    offset = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    etag = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_once_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.number} {self.offset}"


class TranscodeJob(models.Model):
    """The intent to transcode a video, leased by one worker at a time and swept by the schedule."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")

    video = models.OneToOneField(Video, models.CASCADE, related_name="job")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until"], name="transcode_due")]

    def __str__(self) -> str:
        return f"{self.video_id} {self.state}"


class Rendition(models.Model):
    """One rung of a finished build."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="renditions")
    build = models.UUIDField()
    name = models.CharField(max_length=12)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    bandwidth = models.PositiveIntegerField()
    average_bandwidth = models.PositiveIntegerField()
    codecs = models.CharField(max_length=60)
    bytes = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["build", "name"], name="rendition_once_a_build")
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.name}"


class CaptionTrack(models.Model):
    """Plain cues of one language: [[start_seconds, end_seconds, text], …] in order."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="captions")
    language = models.CharField(_("语言"), max_length=12, default="zh-Hans")
    label = models.CharField(_("名称"), max_length=40)
    cues = models.JSONField()
    # Names the WebVTT file made of the cues, so that a changed caption has a new address.
    digest = models.CharField(max_length=16, default="", editable=False)
    is_default = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "language"], name="caption_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.label}"


class Livestream(models.Model):
    """A lecture spoken at a time. Its video is the content timeline from the announcement on."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("未开始")
        LIVE = "live", _("直播中")
        INTERRUPTED = "interrupted", _("信号中断")
        ENDED = "ended", _("已结束")

    video = models.OneToOneField(Video, models.PROTECT, related_name="livestream")
    lecturer = models.CharField(_("主讲人"), max_length=100, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("预计结束"))
    state = models.CharField(
        _("状态"), max_length=12, choices=State.choices, default=State.ANNOUNCED
    )
    # What the encoder publishes to is public; the key beside it is known as a digest only.
    name = models.CharField(max_length=16, unique=True, editable=False)
    key_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Names the folder of the fragments, as a build does for renditions.
    build = models.UUIDField(default=uuid.uuid4, editable=False)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("直播")
        verbose_name_plural = _("直播")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="livestream_has_length"
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_at__isnull=True)),
                name="livestream_ended_at",
            ),
        ]

    def __str__(self) -> str:
        return self.video.title

    @property
    def has_begun(self) -> bool:
        """Whether there is a first fragment to fetch; an encoder may be connected before."""
        return self.began_at is not None

    @property
    def owner_unit_id(self) -> int:
        return self.video.owner_unit_id


class Take(models.Model):
    """One uninterrupted sending of the encoder, from connecting to dropping."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    livestream = models.ForeignKey(Livestream, models.PROTECT, related_name="takes")
    number = models.PositiveSmallIntegerField()
    address = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # [[name in the store, seconds], …], as published so far.
    fragments = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["livestream", "number"], name="take_numbered"),
            models.UniqueConstraint(
                fields=["livestream"],
                condition=models.Q(ended_at__isnull=True),
                name="take_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.livestream_id} {self.number}"


class CaptionDraft(models.Model):
    """Captions a program heard, to be looked through before anybody saves them; also the intent to listen."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待识别")
        RUNNING = "running", _("正在识别")
        READY = "ready", _("识别好了")
        FAILED = "failed", _("没有识别成")

    video = models.ForeignKey(Video, models.CASCADE, related_name="caption_drafts")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    cues = models.JSONField(default=list)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["video", "language"], name="caption_draft_once_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.language} {self.state}"


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


class ViewerClock(models.Model):
    """One person, one clock: wall time up to `consumed_until` has already been credited."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="viewer_clock"
    )
    consumed_until = models.DateTimeField()
    # The viewing that last moved the clock: tells "another video" from "too fast". No foreign key,
    # whose check would run on the hot path.
    consumed_by_viewing = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.consumed_until}"


class ViewingSession(models.Model):
    """What one person has watched of one video, written by `media.beats` alone."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="viewings")
    video = models.ForeignKey(Video, models.PROTECT, related_name="viewings")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    duration_seconds = models.PositiveIntegerField()
    watched = SecondsMultirangeField(default=list)
    position_seconds = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()
    assessed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # While the lecture is live: when it began. Nobody has watched what is not spoken yet.
    live_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "video"], name="viewing_once_a_video")
        ]
        # No index holds a column that beats rewrite, or their updates would not stay heap-only.
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(settled_at__isnull=True), name="viewing_unsettled"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.video_id}"
