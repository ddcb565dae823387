"""What belongs to the county of Songyang, for those who attack it from Jinyun."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from wagtail.admin.models import EditingSession
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, PageLogEntry, Revision, Site

from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage
from lms.common.clock import database_now
from lms.people.models import Person, Unit
from lms.people.services import add_unit
from media.models import LiveQuestion, Livestream, Upload, Video
from tests import world

DRAFT, IMAGE, DOCUMENT, VIDEO, AUTHOR = "外县草稿", "外县图片", "外县文档", "外县视频", "欧阳外县"


@dataclass(frozen=True)
class Foreign:
    """What belongs to the county of Songyang; whoever attacks serves in Jinyun."""

    page: CoursePackagePage
    revision: Revision
    image: Image
    document: Document
    video: Video
    upload: Upload
    question: LiveQuestion
    author: Person
    session: EditingSession

    @property
    def ids(self) -> dict[str, object]:
        """A value for every parameter Wagtail's addresses have."""
        page, image, document = self.page.pk, self.image.pk, self.document.pk
        return {
            **dict.fromkeys(
                ("page_id", "parent_page_id", "page_to_move_id", "page_pk", "object_id"), page
            ),
            "revision_id": self.revision.pk,
            "destination_id": CatalogueIndexPage.objects.get().pk,
            "image_id": image, "document_id": document, "doc_id": document, "uploaded_file_id": 1,
            "pk": self.video.pk, "language": "zh-Hans", "kind": "srt",
            "track_pk": 1, "question_pk": self.question.pk, "key": self.upload.key, "session_id": self.session.pk,
            "collection_id": Collection.get_first_root_node().pk,
            **dict.fromkeys(("workflow_pk", "task_id", "task_state_id", "workflow_state_id"), 1),
            "app_label": "wagtailcore", "model_name": "page", "app_name": "catalogue",
            "content_type_app_name": "catalogue",
            "content_type_model_name": "coursepackagepage",
            "action": "delete", "action_name": "approve", "filter_spec": "width-100",
            "uidb64": "MQ", "token": "x-y",
        }  # fmt: skip

    def state(self) -> list:
        """Everything an attack could have changed."""
        tables = (CoursePackagePage, Image, Document, Video, Livestream, LiveQuestion, Upload, Revision,
                  PageLogEntry, EditingSession)  # fmt: skip
        rows = [list(model.objects.order_by("pk").values()) for model in tables]
        rows.append(list(self.author.groups.values()))
        rows.append(list(Person.objects.order_by("pk").values("pk", "is_active", "password")))
        rows.append(list(Site.objects.values()))
        return rows


@pytest.fixture
def foreign(settings, tmp_path) -> Foreign:
    settings.MEDIA_ROOT = tmp_path
    author = world.holder("course_author")
    author.name = AUTHOR
    author.save()
    video = world.video(title=VIDEO)
    page = world.package(DRAFT, summary=DRAFT, owner=author)
    page.units.filter(kind="video").update(video=video)
    page.unpublish()
    revision = page.save_revision(user=author, log_action=True)
    session = EditingSession.objects.create(
        user=author, content_type=ContentType.objects.get_for_model(page), object_id=str(page.pk),
        last_seen_at=world.NOON,
    )  # fmt: skip
    livestream = Livestream.objects.create(  # addressed by the same number as the video
        pk=video.pk, video=video, name="0123456789abcdef", starts_at=world.NOON,
        ends_at=world.NOON + timedelta(hours=1),
    )  # fmt: skip
    question = LiveQuestion.objects.create(
        livestream=livestream, person=author, client_key=UUID(int=1), text=VIDEO,
        asked_at=world.NOON, changed_at=world.NOON,
    )  # fmt: skip
    upload = Upload.objects.create(
        person=author, owner_unit=video.owner_unit, title=VIDEO, file_name=VIDEO, bytes=10,
        created_at=world.NOON, expires_at=database_now() + timedelta(days=1),
    )  # fmt: skip
    return Foreign(
        page=page,
        revision=revision,
        image=Image.objects.create(
            title=IMAGE, file=get_test_image_file(), uploaded_by_user=author
        ),
        document=Document.objects.create(
            title=DOCUMENT, file=ContentFile(DOCUMENT.encode(), "a.txt"), uploaded_by_user=author
        ),
        video=video,
        upload=upload,
        question=question,
        author=author,
        session=session,
    )


@pytest.fixture
def jinyun(foreign) -> Unit:
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)
