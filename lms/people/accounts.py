"""Accounts as those who sign in name them."""

import re
import unicodedata

from django.db.models import Q, QuerySet

from lms.people.models import Person

BETWEEN_DIGITS = re.compile(r"[\s\-()]")
PHONE = re.compile(r"(?:\+?86)?(1\d{10})")


def account_named(typed: str) -> Person | None:
    """The one account a staff number, phone or mail names; None for nobody and for two people.

    The staff number comes first: it is unique. A phone or mail that two active people hold names
    neither of them.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text or "\x00" in text:
        return None
    by_number = Person.objects.filter(staff_number=text).first()
    if by_number is not None:
        return by_number
    held = list(Person.objects.filter(_contact(text)).order_by("-is_active", "pk")[:2])
    if len(held) == 2 and held[0].is_active == held[1].is_active:
        return None
    return held[0] if held else None


def _contact(text: str) -> Q:
    if "@" in text:
        return Q(email__iexact=text)
    phone = PHONE.fullmatch(BETWEEN_DIGITS.sub("", text))
    number = phone[1] if phone else text
    return Q(phone__in=[text, number, f"+86{number}", f"86{number}"])


def holders_of_mail(address: str) -> QuerySet[Person]:
    """Whose address it is, capitals apart. Rosters take ASCII alone: PostgreSQL's upper('ſ') is S."""
    if not address.isascii():
        return Person.objects.none()
    return Person.objects.filter(email__iexact=address)
