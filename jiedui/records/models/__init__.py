"""模型: one file per area, the same areas as `snapshot.schema`, and `access` and `region` beside them."""

from jiedui.records.models.access import ROLE, Change, Disclosure, LoadedBatch, RoleGrant, User
from jiedui.records.models.funding import BudgetLine, FiscalRevenue, LedgerEntry, LedgerLeg
from jiedui.records.models.industry import BenefitLink, Project
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
from jiedui.records.models.poverty import Household, HouseholdYear, Person, PovertyCounty, StatusChange
from jiedui.records.models.region import Region
from jiedui.records.models.society import Donation, Organisation, VillagePair
from jiedui.records.models.talent import Secondment, SupportTeam, Training

__all__ = [
    "ROLE",
    "BenefitLink",
    "BudgetLine",
    "Change",
    "Disclosure",
    "DispatchTrip",
    "Donation",
    "FiscalRevenue",
    "Household",
    "HouseholdYear",
    "LedgerEntry",
    "LedgerLeg",
    "LoadedBatch",
    "Meeting",
    "Organisation",
    "Pairing",
    "Person",
    "Placement",
    "PlanTarget",
    "PovertyCounty",
    "Project",
    "Region",
    "RoleGrant",
    "Schooling",
    "Secondment",
    "Settlement",
    "StatusChange",
    "StayCheck",
    "SupportTeam",
    "Task",
    "Training",
    "User",
    "Vacancy",
    "VillagePair",
    "Visit",
    "Worker",
]
