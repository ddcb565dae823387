import pytest

from config.demo.seeding import places
from lms.people.models import Unit


def test_codes_are_text_and_parents_come_first():
    seen = {""}
    for row in places.division_rows():
        assert isinstance(row["code"], str)
        assert row["parent_code"] in seen, row
        seen.add(row["code"])
    assert len(seen) == 1490


@pytest.mark.django_db
def test_towns_and_offices_lie_under_their_county():
    units = places.seed_units()

    town, office = units["331124104"], units["331124-A03"]
    assert (town.name, town.level, town.parent.code) == ("大东坝镇", Unit.Level.TOWNSHIP, "331124")
    assert (office.name, office.level, office.parent.code) == (
        "中共松阳县委党校",
        Unit.Level.OFFICE,
        "331124",
    )
    assert office.path == "33/3311/331124/331124-A03/"
    assert len(places.towns(units, places.COUNTY)) == 19
