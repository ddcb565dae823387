"""A name for an account that a device may keep: the same each time, and telling nothing."""

from django.utils.crypto import salted_hmac

from lms.people.models import Person


def account_mark(person: Person) -> str:
    """16 hexadecimal digits; whoever reads the device cannot tell from them who it is."""
    return salted_hmac("lms.people.account_marks", str(person.pk)).hexdigest()[:16]
