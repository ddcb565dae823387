"""The site's root page, where page-tree rules sit, and the secret addresses of calendars."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from lms.people.models import Person


class HomePage(Page):
    """The portal. What visitors read before they sign in is edited here."""

    headline = models.CharField(_("标题句"), max_length=80)
    intro = models.TextField(_("介绍"), max_length=400, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("intro")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["catalogue.CatalogueIndexPage"]
    max_count = 1

    class Meta:
        verbose_name = _("门户首页")
        verbose_name_plural = _("门户首页")


class CalendarFeed(models.Model):
    """One person's calendar has one address at a time; of its secret only the digest is known."""

    person = models.OneToOneField(
        Person, models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("日历订阅地址")
        verbose_name_plural = _("日历订阅地址")

    def __str__(self) -> str:
        return str(self.person_id)
