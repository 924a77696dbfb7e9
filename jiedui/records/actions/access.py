"""权限动作: grant and withdraw roles, show a person's hidden fields, make the demo's users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.errors import JieduiError
from jiedui.policy import published
from jiedui.records import access, loading
from jiedui.records.models import ROLE, Disclosure, Person, RoleGrant, User
from jiedui.records.privacy import cipher
from jiedui.terms.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

DISCLOSABLE: Final = ("id_number", "phone", "address")
"""What a page shows masked or not at all, and what may be asked for with a reason."""

_DEMO: Final[Sequence[tuple[str, str, str, str]]] = (
    ("gansu", "甘肃省扶贫办", "recipient_office", "620000"),
    ("tianjin", "天津市协作办", "donor_office", "120000"),
    ("labour", "甘肃省人社厅", "labour_bureau", "620000"),
    ("finance", "甘肃省财政厅", "finance", "620000"),
    ("assessor", "考核组", "assessor", ""),
    ("auditor", "审计署", "auditor", ""),
    ("discipline", "甘肃省纪委监委", "discipline", "620000"),
    ("admin", "系统管理员", "administrator", ""),
    ("public", "社会公众", "public", ""),
)
"""Sign-in name, shown name, role and region: one user for each role, on both sides of 天津–甘肃."""


def grant(user: User, role: str, region_code: str, *, since: date, until: date | None = None, by: User) -> RoleGrant:
    """授予角色: from `since` until before `until`; only an administrator may, and never to itself.

    Raises:
        JieduiError: not allowed, no such role, a region is missing, or the same grant overlaps.
    """
    _require_administrator(by)
    if by == user:
        raise JieduiError("Nobody grants a role to oneself.", remedy="Have another administrator do it.")
    if role not in ROLE:
        raise JieduiError(f"There is no role {role!r}.", remedy=f"Roles: {', '.join(ROLE)}.")
    if not region_code and role not in access.NATIONAL_ROLES:
        raise JieduiError(f"The role {role} needs a region.", remedy="Give a division code.")
    try:
        with access.signed(by):
            return RoleGrant.objects.create(
                user=user, role=role, region_code=region_code, valid=DateRange(since, until)
            )
    except IntegrityError:
        raise JieduiError(
            f"{user.username} has the role {role} in {region_code or 'the whole country'} in part of that time, or "
            "the code or the dates are wrong.",
            remedy="Withdraw the other grant first, or correct the entry.",
        ) from None


def withdraw(grant: RoleGrant, *, on: date, by: User) -> None:
    """收回角色: the grant holds no longer from `on`; it stays in the records. Only an administrator may."""
    _require_administrator(by)
    if grant.valid.upper is not None and grant.valid.upper <= on:
        raise JieduiError("The grant has ended already.", remedy="Nothing is to be done.")
    with access.signed(by):
        if grant.valid.lower >= on:  # it never held: its row goes to the history
            grant.delete()
            return
        grant.valid = DateRange(grant.valid.lower, on)
        grant.save(update_fields=["valid"])


def disclose(person_id: int, columns: Iterable[str], *, by: User, reason: str) -> dict[str, str | None]:
    """查看敏感信息: a person's identity number, phone or address in full, recorded with the person who asked and why.

    Raises:
        JieduiError: no reason, a column that is not disclosed, or a person whom `by` may not see by name.
    """
    wanted = list(columns)
    if not reason.strip():
        raise JieduiError("Asking for hidden fields needs a reason.", remedy="Say what they are needed for.")
    if unknown := [column for column in wanted if column not in DISCLOSABLE]:
        raise JieduiError(f"{unknown[0]!r} is not disclosed.", remedy=f"Ask for {', '.join(DISCLOSABLE)}.")
    person = Person.objects.visible_to(by).select_related("household").filter(pk=person_id).first()
    if person is None or person.region_code not in by.sight().named:
        raise JieduiError("There is no such person whom you may see by name.", remedy="Ask the home office.")
    with transaction.atomic():
        Disclosure.objects.create(by=by, person=person, columns=wanted, reason=reason)
        return {column: _plain(person, column) for column in wanted}


def create_demo_users() -> list[tuple[str, str, str]]:
    """演示用户: one for each role; gives (sign-in name, password, role in Chinese). Existing ones stay as they are.

    Raises:
        JieduiError: the database is not marked as synthetic: their passwords are known to everybody.
    """
    if not loading.is_synthetic():
        raise JieduiError(
            "Demo users are for synthetic data only, and this database is not marked so.",
            remedy="Run `jiedui demo` in a database of its own.",
        )
    since = published.pairings_2016()[0].valid_from
    with transaction.atomic():
        return [_demo_user(*row, since=since) for row in _DEMO]


def _demo_user(name: str, shown: str, role: str, region: str, *, since: date) -> tuple[str, str, str]:
    password = f"{name}-2016"
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, password=password, first_name=shown)
    if not user.grants.filter(role=role, region_code=region).exists():
        RoleGrant.objects.create(user=user, role=role, region_code=region, valid=DateRange(since, None))
    return name, password, ROLE[role][0]


def _require_administrator(by: User) -> None:
    if access.region_of_role(by, "administrator", date.today()) != Scope.everything():
        raise JieduiError("Only an administrator of the whole country may do this.", remedy="Ask one.")


def _plain(person: Person, column: str) -> str | None:
    if column == "address":
        return person.household.address
    stored = getattr(person, column)
    return None if stored is None else cipher().decrypt(stored, column, person.pk)
