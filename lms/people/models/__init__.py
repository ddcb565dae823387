"""Who there is, where they serve, what they may do, and how they sign in."""

from lms.people.models.activation import ActivationCode
from lms.people.models.correction import CorrectionRequest
from lms.people.models.grant import RoleGrant
from lms.people.models.merge import PersonMerge
from lms.people.models.person import Person
from lms.people.models.posting import Posting
from lms.people.models.roster import RosterImport, RosterRejection
from lms.people.models.sign_in import FormerPassword, SignIn, SignInFailures
from lms.people.models.unit import Unit
from lms.people.models.unit_change import UnitChange

__all__ = [
    "ActivationCode",
    "CorrectionRequest",
    "FormerPassword",
    "Person",
    "PersonMerge",
    "Posting",
    "RoleGrant",
    "RosterImport",
    "RosterRejection",
    "SignIn",
    "SignInFailures",
    "Unit",
    "UnitChange",
]
