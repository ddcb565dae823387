"""What staff type in: an upload, a title, a caption file. Units offered are those one may act for."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.people.models import Unit

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


class UploadForm(forms.Form):
    """What a browser says of a file it is about to send in pieces."""

    title = forms.CharField(label=_("标题"), max_length=200)
    owner_unit = forms.ModelChoiceField(label=_("所属单位"), queryset=Unit.objects.none())
    file_name = forms.CharField(max_length=255)
    fingerprint = forms.CharField(max_length=100, required=False)

    def __init__(self, *args: object, units: QuerySet[Unit], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["owner_unit"].queryset = units  # type: ignore[attr-defined]


class TitleForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=200)


class CaptionsForm(forms.Form):
    LANGUAGES = (("zh-Hans", _("中文")), ("en", _("英文")))

    language = forms.ChoiceField(label=_("语言"), choices=LANGUAGES)
    captions_file = forms.FileField(
        label=_("字幕文件"),
        help_text=_("SRT 或 WebVTT。只留文字和时间，样式会去掉。"),
        widget=forms.FileInput(attrs={"accept": ".srt,.vtt,text/vtt"}),
        max_length=255,
    )
