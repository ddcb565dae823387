"""Videos, their renditions and captions, and what each person watched of them."""

from media.models.caption import CaptionDraft, CaptionTrack
from media.models.job import TranscodeJob
from media.models.livestream import Livestream, Take
from media.models.offline import OfflinePack
from media.models.question import LiveQuestion
from media.models.replacement import SourceReplacement, replacement_path
from media.models.upload import Upload, UploadPart
from media.models.video import Rendition, Video, source_path
from media.models.viewing import ViewerClock, ViewingSession

__all__ = [
    "CaptionDraft",
    "CaptionTrack",
    "LiveQuestion",
    "Livestream",
    "OfflinePack",
    "Rendition",
    "SourceReplacement",
    "Take",
    "TranscodeJob",
    "Upload",
    "UploadPart",
    "Video",
    "ViewerClock",
    "ViewingSession",
    "replacement_path",
    "source_path",
]
