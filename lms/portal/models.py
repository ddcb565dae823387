"""The site's root page; page-tree rules sit here, in the upper app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


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
