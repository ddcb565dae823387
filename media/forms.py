"""What staff type in: an upload, a title, a caption file. Units offered are those one may act for."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.people.models import Unit
from media.models import Video

VIDEO_KINDS = ".mp4,.m4v,.mov,.mkv,.webm,.flv,.avi,.ts,.m2ts,.3gp,video/*"


class VideoForm(forms.Form):
    """A new video. The file is judged by `services.receive_upload`, which alone sees its content."""

    title = forms.CharField(label=_("标题"), max_length=200)
    owner_unit = forms.ModelChoiceField(
        label=_("所属单位"), queryset=Unit.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=_("视频文件"),
        help_text=_("MP4、MOV、MKV 等。传完会自动转码，学员看到的是转好的版本。"),
        widget=forms.FileInput(attrs={"accept": VIDEO_KINDS}),
        max_length=255,
    )

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner_unit"].queryset = units  # type: ignore[attr-defined]


class SourceForm(forms.Form):
    """Another source for a video; judged by `replacing.propose`."""

    file = forms.FileField(
        label=_("新的视频文件"),
        help_text=_("先检查，再让你看换了会影响什么；你确认以后才换。"),
        widget=forms.FileInput(attrs={"accept": VIDEO_KINDS}),
        max_length=255,
    )


class LibraryForm(forms.Form):
    """What one looks for in the library. Nothing is required."""

    q = forms.CharField(label=_("标题或文件名"), required=False, max_length=100)
    unit = forms.ModelChoiceField(
        label=_("单位（含下级）"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("全部"),
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            *Video.State.choices,
            ("hidden", _("不再提供选用")),
            ("cold", _("源文件在冷存储")),
        ],
    )
    length = forms.ChoiceField(
        label=_("时长"),
        required=False,
        choices=[
            ("", _("全部")),
            ("short", _("15 分钟以内")),
            ("middle", _("15–45 分钟")),
            ("long", _("45 分钟以上")),
        ],
    )
    from_date = forms.DateField(
        label=_("上传自"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    to_date = forms.DateField(
        label=_("上传至"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """What a browser says of a file it is about to send in pieces."""

    title = forms.CharField(label=_("标题"), max_length=200)
    owner_unit = forms.ModelChoiceField(label=_("所属单位"), queryset=Unit.objects.none())
    file_name = forms.CharField(max_length=255)
    fingerprint = forms.CharField(max_length=100, required=False)
    replaces = forms.ModelChoiceField(queryset=Video.objects.none(), required=False)

    def __init__(
        self, *args: object, units: QuerySet[Unit], videos: QuerySet[Video], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner_unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["replaces"].queryset = videos  # type: ignore[attr-defined]


class TitleForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=200)


class TranscriptForm(forms.Form):
    transcript = forms.CharField(
        label=_("文稿"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=400_000,
        help_text=_("一行一句。知道时间的行，前面写 [12:30]；没写的按字数分配时间。"),
    )


class CaptionsForm(forms.Form):
    LANGUAGES = (("zh-Hans", _("中文")), ("en", _("英文")))

    language = forms.ChoiceField(label=_("语言"), choices=LANGUAGES)
    captions_file = forms.FileField(
        label=_("字幕文件"),
        help_text=_("SRT 或 WebVTT。只留文字和时间，样式会去掉。"),
        widget=forms.FileInput(attrs={"accept": ".srt,.vtt,text/vtt"}),
        max_length=255,
    )
