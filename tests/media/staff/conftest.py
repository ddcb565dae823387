"""A course author signed in, a video of theirs and one of another county."""

import pytest
from django.core.files import File

from lms.common.clock import database_now
from lms.people.services import add_unit
from lms.portal.services import install_site
from media import services
from media.models import Video
from tests import world


@pytest.fixture(autouse=True)
def site(db):
    """The page tree and what staff groups may do."""
    install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")


@pytest.fixture
def author(client):
    person = world.holder("course_author")
    client.force_login(person)
    return person


@pytest.fixture
def video(uploads, short_film) -> Video:
    return make_video(short_film, world.town())


def make_video(film, unit) -> Video:
    with film.open("rb") as file:
        return services.receive_upload(
            file=File(file),
            name="讲课.mp4",
            title="网格怎么走访",
            owner_unit=unit,
            by=None,
            at=database_now(),
        )


@pytest.fixture
def foreign_video(uploads, short_film) -> Video:
    """A video of a county the author has no role in."""
    other = add_unit(code="331125", name="云和县", level="county", parent=world.county().parent)
    return make_video(short_film, other)
