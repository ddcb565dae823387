"""The forms behind the page editors of the shelf. They do not know the pages' classes, so models may use them."""

from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import WagtailAdminPageForm

from courses.catalogue.scope import unit_ids, units_with
from courses.catalogue.slugs import is_readable, slug_from_title
from lms.common.clock import local_date
from lms.people.models import Unit
from lms.people.roles import Permission
from media.models import Livestream, Video
from media.selectors import videos_visible_to


class ShelfForm(WagtailAdminPageForm):
    """Makes the address from the title, and publishes for one's own units only."""

    unit_field = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def owner_unit(self) -> Unit | None:
        """In whose name the page would be published, as the form stands."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        slug = self.cleaned_data.get("slug", "") or ""
        if "slug" in self.fields and "slug" not in self.errors and not is_readable(slug):
            self.cleaned_data["slug"] = self._address(is_given=bool(slug))
        cleaned = super().clean()
        self._publish_own_units_only()
        return cleaned

    def _publish_own_units_only(self) -> None:
        """Wagtail asks whether one may publish on the shelf; here is asked for which unit."""
        unit = self.owner_unit()
        if self.for_user is None or unit is None or not self.data.get("action-publish"):
            return
        if unit.pk not in unit_ids(self.for_user, Permission.PUBLISH_COURSES):
            sentence = _(
                "你能为%(unit)s写草稿，不能以它的名义发布。点「保存草稿」，请那里能发布的同事看过再发布。"
            )
            self.add_error(self.unit_field, sentence % {"unit": unit.name})

    def _address(self, *, is_given: bool) -> str:
        """A published page keeps its address unless another is typed; a draft's follows its title."""
        if self.instance.live and not is_given and is_readable(self.instance.slug):
            return str(self.instance.slug)
        base = slug_from_title(self.cleaned_data.get("title") or _("课程"))
        slug, number = base, 1
        while not self._meta.model._slug_is_available(slug, self.parent_page, self.instance):
            number += 1
            slug = f"{base}-{number}"
        return slug


class PackageForm(ShelfForm):
    """A course package: the person's own units and videos are offered."""

    unit_field = "owner_unit"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner_unit" in self.fields:
            self._offer_own_units(self.fields["owner_unit"])
        if "units" in self.formsets:
            self._accept_own_videos(self.formsets["units"])

    def owner_unit(self) -> Unit | None:
        return self.cleaned_data.get("owner_unit")

    def _offer_own_units(self, field: forms.Field) -> None:
        assert isinstance(field, forms.ModelChoiceField)
        if self.for_user is None:
            return
        units = units_with(
            person=self.for_user,
            permission=Permission.EDIT_COURSES,
            on=local_date(timezone.now()),
        ).order_by("path")
        # A package handed over from elsewhere keeps its unit until someone chooses another.
        field.queryset = units | Unit.objects.filter(pk=self.instance.owner_unit_id)
        # What learners see stays its unit's: another would be its publisher without a word.
        field.disabled = bool(self.instance.pk and self.instance.live)
        if not self.instance.owner_unit_id:
            self.initial["owner_unit"] = units.values_list("pk", flat=True).first()

    def _accept_own_videos(self, units: BaseFormSet) -> None:
        """The chooser lists only these; a number typed into the request must not reach further."""
        if self.for_user is None:
            return
        own = videos_visible_to(person=self.for_user, on=local_date(timezone.now()))
        for form in units.forms:
            field = form.fields["video"]
            assert isinstance(field, forms.ModelChoiceField)
            # A unit handed over from elsewhere keeps its video until someone chooses another.
            field.queryset = own | Video.objects.filter(pk=form.instance.video_id)


class LivestreamPageForm(ShelfForm):
    """A livestream's page: lectures of the person's own units that have no page yet."""

    unit_field = "livestream"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is None:
            return
        if "livestream" in self.fields:
            self._offer_own_lectures(self.fields["livestream"])
        if "audience" in self.fields:
            self._offer_own_audience(self.fields["audience"])

    def owner_unit(self) -> Unit | None:
        livestream: Livestream | None = self.cleaned_data.get("livestream")
        return livestream.video.owner_unit if livestream else None

    def _offer_own_lectures(self, field: forms.Field) -> None:
        assert isinstance(field, forms.ModelChoiceField)
        own = videos_visible_to(person=self.for_user, on=local_date(timezone.now()))
        unannounced = Livestream.objects.filter(video__in=own, page__isnull=True)
        kept = Livestream.objects.filter(pk=self.instance.livestream_id)
        field.queryset = (unannounced | kept).select_related("video").order_by("-starts_at")
        field.label_from_instance = _named_with_its_time  # type: ignore[method-assign,assignment]
        # Who saw the invitation saw it for this lecture.
        field.disabled = bool(self.instance.pk)

    def _offer_own_audience(self, field: forms.Field) -> None:
        """Places with people below them; offices come with their county or township."""
        assert isinstance(field, forms.ModelMultipleChoiceField)
        units = units_with(
            person=self.for_user, permission=Permission.EDIT_COURSES,
            on=local_date(timezone.now()),
        ).exclude(level=Unit.Level.OFFICE)  # fmt: skip
        field.queryset = units.order_by("path")


def _named_with_its_time(livestream: Livestream) -> str:
    return f"{date_format(localtime(livestream.starts_at), 'Y-m-d H:i')} {livestream}"
