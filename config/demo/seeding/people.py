"""The accounts people sign in with, the lecturers, and a county's cadres."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from config.demo.seeding.names import person_name
from config.demo.seeding.places import COUNTY, OFFICES, towns
from lms.common.clock import local_date
from lms.people.models import Person, Unit
from lms.people.roles import Role
from lms.people.services import add_person, grant_role, start_posting

TOWNSHIP, STAFF = "township_level", "staff"
TOWN_ADMINISTERED = "331124104"  # large enough for its administrator's list to be worth filtering


@dataclass(frozen=True)
class Account:
    """A person with a part to play. `role` is the name scripts know the account by."""

    staff_number: str
    name: str
    unit: str
    title: str
    post_level: str = STAFF
    rank: str = ""
    role: str = ""
    grants: tuple[tuple[str, str], ...] = ()


ACCOUNTS = (
    Account("wuxiaoyun", "吴晓芸", "331124104", "党政综合办公室主任", TOWNSHIP, "乡科级副职",
            "learner", ((Role.LEARNER, COUNTY),)),
    Account("staff", "潘海燕", "331124-A03", "教务科科长", STAFF, "一级科员", "staff",
            ((Role.COURSE_AUTHOR, COUNTY), (Role.COURSE_REVIEWER, COUNTY), (Role.PUBLISHER, COUNTY),
             (Role.CLASS_MANAGER, COUNTY))),
    Account("mentor", "陈国梁", "331124102", "党委副书记", TOWNSHIP, "乡科级副职", "mentor",
            ((Role.MENTOR, COUNTY), (Role.LECTURER, COUNTY))),
    Account("unit_admin", "毛永红", "331124104", "组织委员", TOWNSHIP, "乡科级副职", "unit_admin",
            ((Role.UNIT_ADMIN, "331124104"),)),
    Account("331124A02001", "吴建华", "331124-A02", "干部教育科科长", TOWNSHIP, "乡科级正职",
            "county_unit_admin", ((Role.UNIT_ADMIN, COUNTY),)),
    Account("archivist", "叶文静", "331124-C02", "数字档案科科长", STAFF, "一级科员", "archivist",
            ((Role.ARCHIVIST, COUNTY),)),
    Account("system_admin", "郑立", "331124-C01", "运维科干部", STAFF, "二级科员", "system_admin",
            ((Role.SYSTEM_ADMIN, COUNTY),)),
    Account("security_admin", "徐明", "331124-C01", "安全科干部", STAFF, "二级科员", "security_admin",
            ((Role.SECURITY_ADMIN, COUNTY),)),
    Account("audit_admin", "刘春燕", "331124-A01", "督查科干部", STAFF, "一级科员", "audit_admin",
            ((Role.AUDIT_ADMIN, COUNTY),)),
    Account("331124A03002", "徐志强", "331124-A03", "高级讲师", STAFF, "",
            "", ((Role.LECTURER, COUNTY),)),
    Account("331124B01001", "叶建平", "331124-B01", "三级调研员", TOWNSHIP, "三级调研员",
            "", ((Role.LECTURER, COUNTY),)),
    Account("3311B01001", "周丽娟", "3311-B01", "农村合作经济指导处处长", TOWNSHIP, "乡科级正职",
            "", ((Role.LECTURER, "3311"),)),
    Account("331124B02001", "蓝秀珍", "331124-B02", "副局长", TOWNSHIP, "乡科级副职",
            "", ((Role.LECTURER, COUNTY),)),
    Account("331124C01003", "何伟", "331124-C01", "主任", TOWNSHIP, "乡科级正职",
            "", ((Role.LECTURER, COUNTY),)),
)  # fmt: skip
SHORT_TITLES = {"街道": ("办事处", "党工委"), "镇": ("政府", "党委"), "乡": ("政府", "党委")}
STAFF_TITLES = (
    "党政综合办公室干部", "农业农村办公室干部", "社会治理办公室干部", "应急管理站干部", "村镇建设办公室干部",
    "综合行政执法队队员", "驻村干部", "财政所干部", "党群工作办公室干部", "综合信息指挥室干部",
)  # fmt: skip
OFFICE_TITLES = ("办公室干部", "业务科干部", "综合科干部", "法规科干部", "人事科干部")


def seed_accounts(*, units: dict[str, Unit], password: str, at: datetime) -> dict[str, Person]:
    """People by staff number. Those with a role sign in with `password`; what exists is left alone."""
    people = {}
    for account in ACCOUNTS:
        person = Person.objects.filter(staff_number=account.staff_number).first()
        if person is None:
            person = add_person(
                staff_number=account.staff_number,
                name=account.name,
                password=password if account.role else None,
            )
            start_posting(
                person=person, unit=units[account.unit], title=account.title,
                post_level=account.post_level, rank=account.rank, from_date=date(2021, 12, 20),
            )  # fmt: skip
        for role, unit in account.grants:
            grant_role(
                person=person,
                role=role,
                unit=units[unit],
                from_date=date(2024, 1, 1),
                by=None,
                at=at,
            )
        people[account.staff_number] = person
    return people


def seed_cadres(*, units: dict[str, Unit], count: int, at: datetime) -> list[Person]:
    """`count` people across the county's towns and offices; every sixteenth has changed unit."""
    places = [
        *towns(units, COUNTY) * 3,
        *[units[TOWN_ADMINISTERED]] * 5,
        *(units[code] for code in OFFICES),
    ]
    known = {p.staff_number: p for p in Person.objects.filter(staff_number__startswith="3311240")}
    people, transferred_on = [], local_date(at) - timedelta(days=40)
    for number in range(1, count + 1):
        random = Random(f"cadre {number}")
        name, unit = person_name(random), places[number % len(places)]
        before = random.choice(places)
        title, level, rank = post_in(unit, random)
        staff_number = f"3311240{number:05}"
        if staff_number in known:
            people.append(known[staff_number])
            continue
        person = add_person(staff_number=staff_number, name=name)
        start = transferred_on - timedelta(days=random.randint(160, 2800))
        if number % 16 == 0 and before != unit:
            start_posting(person=person, unit=before, title="驻村干部", post_level=STAFF,
                          rank="二级科员", from_date=start)  # fmt: skip
            start = transferred_on
        start_posting(person=person, unit=unit, title=title, post_level=level, rank=rank,
                      from_date=start)  # fmt: skip
        people.append(person)
    return people


def post_in(unit: Unit, random: Random) -> tuple[str, str, str]:
    """Title, post level and rank of somebody serving there."""
    led = random.random() < 0.24
    if unit.level == Unit.Level.OFFICE:
        if led:
            return (
                "副主任" if unit.name.endswith(("中心", "室")) else "副局长",
                TOWNSHIP,
                "乡科级副职",
            )
        return random.choice(OFFICE_TITLES), STAFF, random.choice(("一级科员", "四级主任科员"))
    if not led:
        return random.choice(STAFF_TITLES), STAFF, random.choice(("一级科员", "二级科员", "试用期"))
    body, party = next(SHORT_TITLES[end] for end in SHORT_TITLES if unit.name.endswith(end))
    chief = "主任" if body == "办事处" else ("镇长" if unit.name.endswith("镇") else "乡长")
    title = random.choice((f"{party}委员", f"副{chief}", f"{party}副书记"))
    return title, TOWNSHIP, "乡科级副职"
