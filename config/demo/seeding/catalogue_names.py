"""Package titles for a city's shelf: subjects of grass-roots work in several forms."""

from random import Random
from uuid import UUID

from config.demo.syllabus import Package, Unit, key_of, packages

SUBJECTS = (
    ("山林防火网格巡查", "emergency"), ("村级小微权力清单", "governance"), ("信访代办", "people"),
    ("传统村落保护与活化", "rural"), ("松阴溪流域治理", "ecology"), ("茶产业质量追溯", "rural"),
    ("农村宅基地审批", "law"), ("行政复议应诉", "law"), ("信息报送", "writing"), ("会议纪要", "writing"),
    ("理论学习中心组", "theory"), ("党支部组织生活", "theory"), ("数据共享与保密", "digital"),
    ("基层治理平台应用", "digital"), ("矛盾纠纷排查化解", "people"), ("独居老人探访", "people"),
    ("地质灾害群测群防", "emergency"), ("小型水库巡查", "emergency"), ("农村饮用水安全", "ecology"),
    ("生活垃圾分类", "ecology"), ("土地流转合同", "rural"), ("乡村民宿管理", "rural"),
    ("村务公开与监督", "governance"), ("网格员队伍建设", "governance"), ("应急广播与叫应", "emergency"),
)  # fmt: skip
FORMS = (
    "实务入门", "案例解析", "疑难二十问", "新任干部必修", "一件事一次办", "复盘与改进", "现场教学实录",
    "政策解读",
)  # fmt: skip


def shelf_packages(count: int) -> list[Package]:
    """`count` packages whose units show the demo's lectures in turn."""
    lessons = [unit for package in packages() for unit in package.units if unit.lecture]
    chosen = [(subject, topic, form) for form in FORMS for subject, topic in SUBJECTS][:count]
    return [
        _package(number, subject, topic, form, lessons)
        for number, (subject, topic, form) in enumerate(chosen)
    ]


def _package(number: int, subject: str, topic: str, form: str, lessons: list[Unit]) -> Package:
    slug, random = f"shelf-{number:03}", Random(f"shelf {number}")
    lecturer = random.choice(packages()).facts
    picked = [lessons[(number * 3 + step) % len(lessons)] for step in range(random.randint(2, 4))]
    return Package(
        key=key_of(slug),
        slug=slug,
        facts={
            "title": f"{subject}：{form}", "topic": topic, "is_required": number % 10 == 0,
            "edition_label": "2025 年第 1 版", "owner_unit": "3311",
            "summary": f"围绕“{subject}”，用基层常见情形讲清楚依据、步骤和容易出错的地方。",
            "lecturer_name": lecturer["lecturer_name"], "lecturer_post": lecturer["lecturer_post"],
            "lecturer_note": lecturer["lecturer_note"],
        },
        objectives="",
        units=tuple(_unit(slug, unit) for unit in picked),
    )  # fmt: skip


def _unit(slug: str, unit: Unit) -> Unit:
    key: UUID = key_of(slug, str(unit.key))
    return Unit(key, unit.kind, unit.title, unit.lecture, "")
