"""Mobile classrooms of a county: a menu, trips that were and trips to come, and who signed up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from config.demo.seeding.places import CITY, COUNTY
from courses.classroom.models import Lecturer, TeachingSite, Topic, TravelTime, Trip, Vehicle
from courses.classroom.planning import StopPlan, TripPlan, plan_trip
from courses.classroom.seats import PoolPlan, announce_trip, set_pools, sign_up
from lms.common.clock import local_date
from lms.people.models import Person, Unit

# Name, kind, pool, workplace, post, staff number of their account.
LECTURERS = (
    ("周丽娟", "academic", CITY, "丽水市农业农村局", "农村合作经济指导处处长", "3311B01001"),
    ("徐志强", "academic", COUNTY, "松阳县委党校", "高级讲师", "331124A03002"),
    ("蓝秀珍", "practical", COUNTY, "松阳县应急管理局", "副局长", "331124B02001"),
    ("叶建平", "practical", COUNTY, "松阳县司法局", "三级调研员", "331124B01001"),
    ("何伟", "practical", COUNTY, "松阳县大数据发展中心", "主任", "331124C01003"),
    ("阙建民", "pioneer", "331124104", "大东坝镇下宅街村", "村党支部书记", None),
    ("蔡晓明", "pioneer", "331124104", "大东坝镇蔡宅村", "村党支部书记", None),
)
# Name, township, latitude and longitude (about), seats, equipment.
SITES = (
    ("石仓古民居", "331124104", "28.331", "119.487", 40, "投影、扩音"),
    ("蔡宅村豆腐工坊", "331124104", "28.352", "119.471", 30, "现场教学"),
    ("靖居口村文化礼堂", "331124103", "28.405", "119.602", 60, "投影、扩音、直播"),
    ("玉岩镇文化礼堂", "331124102", "28.302", "119.214", 80, "投影、扩音"),
    ("古市镇综合文化站", "331124101", "28.527", "119.401", 60, "投影、扩音、直播"),
    ("松庄村艺术乡建中心", "331124203", "28.541", "119.495", 35, "投影"),
    ("四都乡西坑村民宿", "331124205", "28.478", "119.561", 24, "现场教学"),
    ("枫坪乡便民服务中心", "331124211", "28.243", "119.196", 45, "投影"),
    ("樟溪乡文化礼堂", "331124208", "28.499", "119.377", 50, "投影、扩音"),
)
# Pairs of sites, and the minutes it really takes.
DRIVEN = ((2, 0, 25), (0, 1, 15), (4, 5, 30))
# Title, minutes, hours of a stop, outline, for whom, material, which of the lecturers.
TOPICS = (
    ("强村公司章程逐条读", 90, "1.5", "一、谁是股东\n二、钱怎么进怎么出\n三、分红和留存", "村社书记、驻村干部",
     "本村集体经济合作社章程", (0, 1)),
    ("老屋活化的收益怎么分到户", 60, "1", "一、先确权再修\n二、三本账\n三、村民会怎么开", "乡镇干部、村社干部", "", (5,)),
    ("一本村集体经营账", 90, "1.5", "现场看账：收入、支出、分配", "村社书记、财务", "本村 2025 年集体经营收支表", (6,)),
    ("乡镇应急演练怎么不走过场", 120, "2", "一、脚本\n二、叫应\n三、复盘四个数", "应急、驻村干部", "", (2,)),
    ("物业纠纷调解的三步", 90, "1.5", "一、听\n二、证\n三、写", "综治、司法所干部", "", (3,)),
    ("民宿安全一张表", 90, "1.5", "消防、食品、地灾，一张表过一遍", "乡村振兴、应急干部", "", (2,)),
    ("森林防火一线怎么守", 120, "2", "一、三张清单\n二、巡查\n三、初火处置", "驻村干部、护林员", "", (2,)),
    ("基层报表减负怎么做", 90, "1.5", "一、一张表\n二、一次报\n三、谁也不许再要", "党政办干部", "", (4, 1)),
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """Stops are (hour, minute, topic, lecturer, site) by their places above; days from today."""

    title: str
    days: int
    stops: tuple[tuple[int, int, int, int, int], ...]
    summary: str = ""
    bring: str = ""
    signed_up: int = 0  # cadres at each stop
    seats: int = 0  # of each stop; 0: all the site has
    kept_for: str = ""  # a township with a fifth of the seats


PLANS = (
    Plan("应急演练进古市", -19, ((9, 0, 3, 2, 4),), signed_up=31),
    Plan("把课送到松庄", -12, ((9, 30, 0, 0, 5), (14, 0, 7, 4, 5)), signed_up=22),
    Plan("调解课开到玉岩", -5, ((9, 0, 4, 3, 3),), signed_up=40),
    Plan("民宿安全现场会", 2, ((9, 30, 5, 2, 6),), "消防、食品、地灾，一张表过一遍。", signed_up=11),
    Plan(
        "强村富民政策怎么落到村", 5,
        ((9, 10, 0, 0, 2), (11, 10, 1, 5, 0), (14, 0, 2, 6, 1)),
        "一天走三站：从政策条款，到象溪镇的做法，再到大东坝镇两个村的账本。跟哪一站都可以，每站分别记学时。",
        "本村 2025 年集体经营收支表", signed_up=26, kept_for="331124211",
    ),
    Plan("森林防火一线课", 8, ((13, 30, 6, 2, 8),), "冬季值守前的一课。", signed_up=17),
    Plan("报表减负现场课", 12, ((9, 0, 7, 4, 7),), "讲完当场改一张表。", signed_up=10, seats=10),
    Plan("章程课再走一趟", 20, ((9, 0, 0, 1, 3),), signed_up=6, kept_for="331124102"),
)  # fmt: skip


def seed_classroom(
    *, units: dict[str, Unit], people: dict[str, Person], cadres: Sequence[Person], at: datetime
) -> int:
    """The menu and the trips, once. How many trips there are."""
    if not Trip.objects.exists():
        menu = _menu(units)
        for number, plan in enumerate(PLANS):
            _trip(plan, number, menu, units, people, cadres, at)
    return Trip.objects.count()


@dataclass(frozen=True)
class Menu:
    lecturers: list[Lecturer]
    sites: list[TeachingSite]
    topics: list[Topic]
    vehicle: Vehicle


def _menu(units: dict[str, Unit]) -> Menu:
    lecturers = [
        Lecturer.objects.create(
            name=name, kind=kind, unit=units[pool], workplace=workplace, post=post,
            person=Person.objects.filter(staff_number=number).first() if number else None,
        )
        for name, kind, pool, workplace, post, number in LECTURERS
    ]  # fmt: skip
    sites = [
        TeachingSite.objects.create(
            name=name, unit=units[code], latitude=Decimal(north), longitude=Decimal(east),
            seats=seats, equipment=equipment,
        )
        for name, code, north, east, seats, equipment in SITES
    ]  # fmt: skip
    for one, other, minutes in DRIVEN:
        first, second = sorted((sites[one], sites[other]), key=lambda site: site.pk)
        TravelTime.objects.create(one=first, other=second, minutes=minutes)
    topics = []
    for title, minutes, _hours, outline, audience, material, who in TOPICS:
        topic = Topic.objects.create(
            title=title, minutes=minutes, outline=outline, audience=audience, material=material,
            unit=units[COUNTY],
        )  # fmt: skip
        topic.lecturers.set(lecturers[number] for number in who)
        topics.append(topic)
    vehicle = Vehicle.objects.create(name="1 号车", seats=33, unit=units[COUNTY])
    return Menu(lecturers, sites, topics, vehicle)


def _trip(
    plan: Plan,
    number: int,
    menu: Menu,
    units: dict[str, Unit],
    people: dict[str, Person],
    cadres: Sequence[Person],
    at: datetime,
) -> None:
    staff = people["staff"]
    day = local_date(at) + timedelta(days=plan.days)
    stops = [_stop(day, stop, menu) for stop in plan.stops]
    departs, returns = stops[0].starts_at - timedelta(minutes=50), stops[-1].ends_at
    announced_at = min(at, departs) - timedelta(days=14)
    trip = plan_trip(
        plan=TripPlan(
            title=plan.title, summary=plan.summary, bring=plan.bring, host_unit=units[COUNTY],
            manager=staff, vehicle=menu.vehicle, departs_at=departs,
            returns_at=returns + timedelta(minutes=60),
            sign_up_until=departs - timedelta(hours=14),
            withdraw_until=departs - timedelta(hours=20), stops=stops,
        ),
        by=staff, at=announced_at,
    )  # fmt: skip
    for stop in trip.stops.select_related("site", "trip"):
        seats = plan.seats or stop.site.seats
        kept = seats // 5 if plan.kept_for else 0
        pools = [PoolPlan(None, seats - kept)]
        if kept:
            released = departs - timedelta(days=3)
            pools.append(PoolPlan(units[plan.kept_for], kept, released))
        set_pools(stop=stop, pools=pools, by=staff, at=announced_at)
    announce_trip(trip=trip, by=staff, at=announced_at)
    _sign_up(trip, plan, number, people["wuxiaoyun"], cadres, announced_at)


def _stop(day: date, stop: tuple[int, int, int, int, int], menu: Menu) -> StopPlan:
    hour, minute, topic, lecturer, site = stop
    starts = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    _title, minutes, hours, *_rest = TOPICS[topic]
    return StopPlan(
        site=menu.sites[site], topic=menu.topics[topic], lecturer=menu.lecturers[lecturer],
        starts_at=starts, ends_at=starts + timedelta(minutes=minutes), hours=Decimal(hours),
    )  # fmt: skip


def _sign_up(
    trip: Trip, plan: Plan, number: int, learner: Person, cadres: Sequence[Person], since: datetime
) -> None:
    """Cadres one hour after another. The learner goes to the second trip of each three, and queues for the full one."""
    for place, stop in enumerate(trip.stops.select_related("trip", "site")):
        first = (number * 17 + place * 5) % max(1, len(cadres))
        chosen = [*cadres[first:], *cadres[:first]][: plan.signed_up]
        for turn, person in enumerate(chosen):
            sign_up(stops=[stop], person=person, at=since + timedelta(hours=turn))
        if number in (1, 6):
            sign_up(stops=[stop], person=learner, at=since + timedelta(hours=len(chosen) + 1))
