"""模型: one file per area, the same areas as `snapshot.schema`, and `access` and `region` beside them."""

from jiedui.records.models.access import (
    CASE_SUBJECT,
    LINK_KIND,
    ROLE,
    Case,
    Disclosure,
    LoadedBatch,
    PersonLink,
    RoleConflict,
    RoleGrant,
    User,
)
from jiedui.records.models.funding import BudgetLine, FiscalRevenue, LedgerEntry, LedgerLeg
from jiedui.records.models.importing import (
    DUPLICATE_DECISION,
    IMPORT_KIND,
    IMPORT_STATE,
    DuplicatePair,
    Import,
    SourceForm,
    Village,
)
from jiedui.records.models.industry import BenefitLink, Project
from jiedui.records.models.journal import Change, Seal
from jiedui.records.models.labour import (
    DispatchTrip,
    Placement,
    Schooling,
    Settlement,
    StayCheck,
    Vacancy,
    Worker,
)
from jiedui.records.models.leadership import Meeting, Task, Visit
from jiedui.records.models.pairing import Pairing, PlanTarget
from jiedui.records.models.poverty import (
    Household,
    HouseholdYear,
    Person,
    PersonYear,
    PovertyCounty,
    StatusChange,
)
from jiedui.records.models.region import Region
from jiedui.records.models.society import Donation, Organisation, VillagePair
from jiedui.records.models.talent import Secondment, SupportTeam, Training

__all__ = [
    "CASE_SUBJECT",
    "DUPLICATE_DECISION",
    "IMPORT_KIND",
    "IMPORT_STATE",
    "LINK_KIND",
    "ROLE",
    "BenefitLink",
    "BudgetLine",
    "Case",
    "Change",
    "Disclosure",
    "DispatchTrip",
    "Donation",
    "DuplicatePair",
    "FiscalRevenue",
    "Household",
    "HouseholdYear",
    "Import",
    "LedgerEntry",
    "LedgerLeg",
    "LoadedBatch",
    "Meeting",
    "Organisation",
    "Pairing",
    "Person",
    "PersonLink",
    "PersonYear",
    "Placement",
    "PlanTarget",
    "PovertyCounty",
    "Project",
    "Region",
    "RoleConflict",
    "RoleGrant",
    "Schooling",
    "Seal",
    "Secondment",
    "Settlement",
    "SourceForm",
    "StatusChange",
    "StayCheck",
    "SupportTeam",
    "Task",
    "Training",
    "User",
    "Vacancy",
    "Village",
    "VillagePair",
    "Visit",
    "Worker",
]
