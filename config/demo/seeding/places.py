"""The unit tree: Zhejiang as published, and the county's offices below Songyang."""

import csv
from pathlib import Path

from lms.people.models import Unit
from lms.people.services import add_unit, load_units

DIVISIONS = Path(__file__).parent.parent / "data" / "divisions-zhejiang.csv"
CITY, COUNTY = "3311", "331124"
OFFICES = {
    "331124-A01": "中共松阳县委办公室",
    "331124-A02": "中共松阳县委组织部",
    "331124-A03": "中共松阳县委党校",
    "331124-B01": "松阳县司法局",
    "331124-B02": "松阳县应急管理局",
    "331124-B03": "松阳县农业农村局",
    "331124-B04": "松阳县综合行政执法局",
    "331124-B05": "松阳县自然资源和规划局",
    "331124-B06": "松阳县民政局",
    "331124-B07": "松阳县水利局",
    "331124-C01": "松阳县大数据发展中心",
    "331124-C02": "松阳县档案馆",
}
CITY_OFFICES = {"3311-B01": "丽水市农业农村局"}


def division_rows() -> list[dict[str, str]]:
    """Rows of code, name, parent_code, level; codes stay text."""
    with DIVISIONS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seed_units() -> dict[str, Unit]:
    """Every unit by code."""
    load_units(rows=division_rows())
    for parent_code, offices in ((COUNTY, OFFICES), (CITY, CITY_OFFICES)):
        parent = Unit.objects.get(code=parent_code)
        for code, name in offices.items():
            add_unit(code=code, name=name, level=Unit.Level.OFFICE, parent=parent)
    return {unit.code: unit for unit in Unit.objects.select_related("parent")}


def towns(units: dict[str, Unit], under: str) -> list[Unit]:
    return [
        unit
        for code, unit in sorted(units.items())
        if unit.level == Unit.Level.TOWNSHIP and code.startswith(under)
    ]
