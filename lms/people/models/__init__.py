"""Who there is, where they serve, and what they may do."""

from lms.people.models.correction import CorrectionRequest
from lms.people.models.grant import RoleGrant
from lms.people.models.person import Person
from lms.people.models.posting import Posting
from lms.people.models.unit import Unit

__all__ = ["CorrectionRequest", "Person", "Posting", "RoleGrant", "Unit"]
