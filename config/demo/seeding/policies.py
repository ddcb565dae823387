"""The hour rules of the demo's jurisdictions: data, attributed to where the figures come from."""

from datetime import date, datetime

from lms.credits.services import add_policy_version
from lms.people.models import Person, Unit

# 云南2024口径: 30 minutes and more 1, above 15 minutes 0.5, up to 15 minutes 0.25; 10 hours a day
# (ynsgbzx.cn). 条例 (2023) arts. 13–16: 90 hours or 12 days in person, that is 7.5 hours a day;
# 550 hours in a five-year cycle for 县处级 and above, so nothing in person by the year.
RULES = {
    "coverage_share": "0.9",
    "video_bands": [
        {"minutes": 30, "inclusive": True, "hours": "1"},
        {"minutes": 15, "inclusive": False, "hours": "0.5"},
        {"minutes": 0, "inclusive": False, "hours": "0.25"},
    ],
    "daily_cap": "10",
    "max_rate": "1.5",
    "hours_per_day": "7.5",
    "requirements": {
        "county_level": {"online": "50", "in_person_cycle": "550"},
        "township_level": {"online": "50", "in_person": "90"},
        "staff": {"online": "50", "in_person": "90"},
    },
    "figures_from": "云南2024口径",
}
FIRST_YEAR = 2023


def seed_policies(*, units: dict[str, Unit], by: Person, at: datetime) -> None:
    """One version a year for the county and for the city above it."""
    for code, place, sign in (("331124", "松阳县", "松组干"), ("3311", "丽水市", "丽组干")):
        for year in range(FIRST_YEAR, at.year + 1):
            add_policy_version(
                unit=units[code],
                name=f"{place}干部教育培训学时规则",
                label=f"{year}.1",
                title=f"{place}干部教育培训学时认定细则（{year} 年第 1 版）",
                document_number=f"{sign}〔{year - 1}〕41 号",
                effective_from=date(year, 1, 1),
                rules=RULES,
                by=by,
                at=at,
            )
