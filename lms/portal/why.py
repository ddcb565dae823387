"""Why an hour is there or is not: the explanation of one line of the record, for page and API."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.learning.playing import length_in_words
from courses.learning.presenting import unit_url
from courses.learning.rules import arithmetic_of, rule_in_words
from courses.learning.selectors import Unearned
from lms.common.spans import Spans, without
from lms.common.wording import hours_text, ranges_text
from lms.credits.models import LedgerEntry, PolicyVersion
from lms.credits.rules import missing

Why = dict[str, Any]

GRADE_NOTES = {
    "reported": gettext_lazy("自报：内容自己报来的结果，单独不记学时。"),
    "timed": gettext_lazy("计时：时段由服务器的钟限定，改本机时间或加速上报都不会多算。"),
    "witnessed": gettext_lazy("见证：有另一个人确认。"),
    "documented": gettext_lazy("文书：有签署的文件为证。"),
}


def why_entry(entry: LedgerEntry) -> Why:
    """portal/partials/why.html's `w` for a ledger entry; all of it is on the entry itself."""
    evidence = entry.evidence
    duration = evidence.get("duration_seconds")
    watched = [tuple(span) for span in evidence.get("watched", [])]
    live = [tuple(span) for span in evidence.get("watched_live", [])]
    unattended = [tuple(span) for span in evidence.get("unattended", [])]
    gaps = missing(watched, duration) if duration else []
    return {
        "head": _heading(entry),
        "rule": evidence.get("rule") or entry.policy_version.title,
        "source": policy_source(entry.policy_version),
        "sums": [tuple(line) for line in entry.arithmetic],
        "total": (_counted_as(entry.bucket), hours_text(entry.hours)),
        "duration_seconds": duration,
        "watched": watched,
        "watched_live": live,
        "missing": gaps,
        "ruler_sentence": _("看过 %(spans)s") % {"spans": ranges_text(watched)} if watched else "",
        "note": evidence.get("reason", "") or live_and_replay(watched, live, unattended),
        "grade": entry.grade,
        "grade_note": GRADE_NOTES[entry.grade],
        "facts": _facts(entry),
        "fix": None,
        "rule_url": "/guide/hours/",
    }


def why_unearned(item: Unearned, policy: PolicyVersion) -> Why:
    """The same for a video watched in part: what is missing and where to watch it."""
    rules, coverage = policy.figures(), item.coverage
    rest = length_in_words(coverage.short_seconds)
    return {
        "head": _("为什么这一笔没有记学时"),
        "rule": rule_in_words(rules) + _("不足的，看过的时段保留，随时可以补看，没有期限。"),
        "source": policy_source(policy),
        "sums": [tuple(line) for line in arithmetic_of(coverage, rules.coverage_share, "")],
        "total": (_counted_as("online"), "0"),
        "duration_seconds": coverage.duration_seconds,
        "watched": _watched(item),
        "watched_live": item.watched_live,
        "missing": list(coverage.missing),
        "ruler_sentence": _("缺 %(spans)s") % {"spans": ranges_text(coverage.missing)},
        "note": _("缺 %(spans)s。最后一次观看 %(at)s。")
        % {"spans": ranges_text(coverage.missing), "at": _moment(item.last_beat_at)}
        + live_and_replay(_watched(item), item.watched_live, item.unattended),
        "grade": "timed",
        "grade_note": GRADE_NOTES["timed"],
        "facts": [
            _fact(_("状态"), _("未入账，不占当年学时")),
            _fact(_("政策版本"), policy.label),
        ],
        "fix": {
            "url": f"{unit_url(item.unit.key)}?t={coverage.missing[0][0]}",
            "label": _("补看 %(rest)s") % {"rest": rest},
        },
        "rule_url": "/guide/hours/",
    }


def live_and_replay(watched: Spans, live: Spans, unattended: Spans) -> str:
    """Which part was watched while it was spoken; nothing for a lecture that never was live."""
    if not live and not unattended:
        return ""
    later = without(watched, live)
    parts = [_("直播时看了 %(spans)s。") % {"spans": ranges_text(live)}] if live else []
    if later:
        parts.append(_("回放里看了 %(spans)s。") % {"spans": ranges_text(later)})
    if unattended:
        sentence = _("%(spans)s 直播时点名没有应答，看一遍回放就算。")
        parts.append(sentence % {"spans": ranges_text(unattended)})
    return "".join(parts)


def policy_source(policy: PolicyVersion) -> str:
    facts = {"title": policy.title, "since": policy.effective_from.isoformat()}
    return _("%(title)s，自 %(since)s 起施行。") % facts


def _heading(entry: LedgerEntry) -> str:
    hours = hours_text(entry.hours)
    if entry.outcome == LedgerEntry.Outcome.REVERSAL and entry.hours > 0:
        return _("为什么恢复 %(hours)s 学时") % {"hours": hours}
    if entry.outcome == LedgerEntry.Outcome.REVERSAL:
        return _("为什么冲销 %(hours)s 学时") % {"hours": hours_text(-entry.hours)}
    if entry.outcome == LedgerEntry.Outcome.CAP_REACHED:
        return _("为什么看完了却是 0 学时")
    if entry.outcome == LedgerEntry.Outcome.CAPPED:
        return _("为什么只记 %(hours)s 学时") % {"hours": hours}
    return _("为什么是 %(hours)s 学时") % {"hours": hours}


def _counted_as(bucket: str) -> str:
    return _("记入网络学习") if bucket == "online" else _("记入集中培训")


def _facts(entry: LedgerEntry) -> list[dict[str, Any]]:
    actor = entry.actor.name if entry.actor else _("系统自动结算")
    posting = entry.posting
    unit_name = posting.unit.name_on(entry.happened_on)
    facts = [
        _fact(_("入账"), f"{actor} · {_moment(entry.posted_at)}"),
        _fact(_("当时任职"), " · ".join(filter(None, [unit_name, posting.title]))),
        _fact(_("政策版本"), entry.policy_version.label),
    ]
    for name, key in ((_("文号"), "document_number"), (_("主办单位"), "host_unit")):
        if entry.evidence.get(key):
            facts.append(_fact(name, entry.evidence[key]))
    if entry.person.merged_into_id:
        facts.append(_fact(_("原账号"), entry.person.staff_number))
    archived = getattr(entry, "archived", None)
    return [
        *facts,
        _fact(_("本条摘要"), _digest(entry.hash), is_hash=True),
        _fact(_("上一条"), _digest(entry.previous_hash), is_hash=True),
        _fact(_("归档"), str(archived.package) if archived else _("待归入下一批")),
    ]


def _fact(name: str, value: str, *, is_hash: bool = False) -> dict[str, Any]:
    return {"name": name, "value": value, "is_hash": is_hash}


def _digest(raw: bytes | memoryview) -> str:
    text = bytes(raw).hex()
    return f"sha256 {text[:8]} {text[8:12]} … {text[-8:-4]} {text[-4:]}"


def _moment(at: Any) -> str:
    return date_format(localtime(at), "n月j日 H:i")


def _watched(item: Unearned) -> list[tuple[int, int]]:
    return missing(list(item.coverage.missing), item.coverage.duration_seconds)
