"""Who there is, where they serve, and what they may do."""

from lms.people.models.grant import RoleGrant
from lms.people.models.merge import PersonMerge
from lms.people.models.person import Person
from lms.people.models.posting import Posting
from lms.people.models.roster import RosterImport, RosterRejection
from lms.people.models.unit import Unit
from lms.people.models.unit_change import UnitChange

__all__ = [
    "Person",
    "PersonMerge",
    "Posting",
    "RoleGrant",
    "RosterImport",
    "RosterRejection",
    "Unit",
    "UnitChange",
]
