"""权限动作: grant and withdraw roles, keep users, show a person's hidden fields, make the demo's users.

What an administrator writes of users and grants is refused to everybody else here and by the database.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count
from django.utils import timezone
from psycopg.types.json import Jsonb

from jiedui.errors import JieduiError
from jiedui.policy import parameters, published
from jiedui.policy.rules import leadership_roles
from jiedui.records import access, loading
from jiedui.records.models import ROLE, Organisation, Person, RoleGrant, User
from jiedui.records.privacy import cipher
from jiedui.records.queries import users
from jiedui.terms.divisions import prefix
from jiedui.terms.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

DISCLOSABLE: Final = ("id_number", "phone", "address")
"""What a page shows masked or not at all, and what may be asked for with a reason."""

_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"

_DEMO: Final[Sequence[tuple[str, str, str, str]]] = (
    ("gansu", "甘肃省扶贫办", "recipient_office", "620000"),
    ("tianjin", "天津市协作办", "donor_office", "120000"),
    ("labour", "甘肃省人社厅", "labour_bureau", "620000"),
    ("finance", "甘肃省财政厅", "finance", "620000"),
    ("assessor", "考核组", "assessor", ""),
    ("auditor", "审计署", "auditor", ""),
    ("discipline", "甘肃省纪委监委", "discipline", "620000"),
    ("organisation", "甘肃省委组织部", "organisation_department", "620000"),
    ("firm", "天津市用人企业", "firm", "120000"),
    ("admin", "系统管理员", "administrator", ""),
    ("public", "社会公众", "public", ""),
)
"""Sign-in name, shown name, role and region: one user for each role, on both sides of 天津–甘肃."""


def grant(
    user: User,
    role: str,
    region_code: str,
    *,
    since: date,
    until: date | None = None,
    by: User,
    organisation_id: int | None = None,
) -> RoleGrant:
    """授予角色: from `since` until before `until`; only an administrator may, and never to itself.

    A firm's role names its organisation, and the region is the firm's.

    Raises:
        JieduiError: not allowed, no such role, a region or a firm is missing, the same grant overlaps, or the user
            holds a role in that time that this one excludes.
    """
    _require_administrator(by)
    if by == user:
        raise JieduiError("Nobody grants a role to oneself.", remedy="Have another administrator do it.")
    if role not in ROLE:
        raise JieduiError(f"There is no role {role!r}.", remedy=f"Roles: {', '.join(ROLE)}.")
    region_code = _region_of(role, region_code, organisation_id)
    valid = DateRange(since, until)
    try:
        with access.signed(by):
            _refuse_collision(user, role, valid)
            return RoleGrant.objects.create(
                user=user, role=role, region_code=region_code, valid=valid, organisation_id=organisation_id
            )
    except IntegrityError:
        raise JieduiError(
            f"{user.username} has the role {role} in {region_code or 'the whole country'} in part of that time, or "
            "the code or the dates are wrong.",
            remedy="Withdraw the other grant first, or correct the entry.",
        ) from None


def _region_of(role: str, region_code: str, organisation_id: int | None) -> str:
    if role == "firm":
        firm = Organisation.objects.filter(pk=organisation_id).first()
        # on the pages an administrator sees no organisation, and asks for one by its number
        firm = firm or next(iter(users.firms([str(organisation_id)])), None)
        if firm is None:
            raise JieduiError("The role firm needs a firm that is in the records.", remedy="Give its number.")
        return firm.region_code
    if organisation_id is not None:
        raise JieduiError(f"The role {role} is for a place, not for a firm.", remedy="Leave the firm out.")
    if not region_code and role not in access.NATIONAL_ROLES:
        raise JieduiError(f"The role {role} needs a region.", remedy="Give a division code.")
    return region_code


def _refuse_collision(user: User, role: str, valid: DateRange) -> None:
    """The trigger of the table refuses too; here the sentence says which role is in the way, and why."""
    held = list(RoleGrant.objects.filter(user=user, valid__overlap=valid).values_list("role", flat=True))
    found = leadership_roles.collision(role, held, parameters.load(date.today()))
    if found is not None:
        other = found.other if found.one == role else found.one
        raise JieduiError(
            f"{user.username} holds the role {other} in part of that time, which excludes {role}: {found.reason}",
            remedy="Withdraw the other role first, or grant this one to somebody else.",
        )


def withdraw(grant: RoleGrant, *, on: date, by: User) -> None:
    """收回角色: the grant holds no longer from `on`; it stays in the records. Only an administrator may, of others."""
    _require_other(grant.user, by)
    if grant.valid.upper is not None and grant.valid.upper <= on:
        raise JieduiError("The grant has ended already.", remedy="Nothing is to be done.")
    with access.signed(by):
        if grant.valid.lower >= on:  # it never held: its row goes to the history
            if not grant.delete()[0]:
                raise JieduiError(
                    "The grant has begun and is not taken back as if it had never been.",
                    remedy="Withdraw it from today or a later day.",
                )
            return
        grant.valid = DateRange(grant.valid.lower, on)
        grant.save(update_fields=["valid"])


def create_user(username: str, shown_name: str, *, by: User) -> tuple[User, str]:
    """新建用户: without a role, and with a first password that is given here once and stored nowhere in plain text.

    Raises:
        JieduiError: `by` is no administrator, or the name is missing, too long, not one, or another user's (letters
            of another size make no other name).
    """
    _require_administrator(by)
    name = User.normalize_username(username.strip())
    user = User(username=name, first_name=shown_name.strip(), first_password=True)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError:
        raise JieduiError(
            "The sign-in name or the shown name is missing, too long, or holds characters that it may not.",
            remedy="A sign-in name has letters, digits and @ . + - _ only.",
        ) from None
    if User.objects.filter(username__iexact=name).exists():
        raise JieduiError(f"There is a user {name} already.", remedy="Choose another name.")
    password = _first_password()
    user.set_password(password)
    with access.signed(by):
        user.save(force_insert=True)
    return user, password


def renew_password(user: User, *, by: User) -> str:
    """重置密码: a new first password, given here once; every session of the user ends with the old one.

    Raises:
        JieduiError: `by` is no administrator, or is the user.
    """
    _require_other(user, by)
    password = _first_password()
    user.set_password(password)
    user.first_password = True
    with access.signed(by):
        user.save(update_fields=["password", "first_password"])
    return password


def set_active(user: User, active: bool, *, by: User) -> None:
    """启用与停用: whoever is inactive signs in no more and sees nothing, in open sessions neither; nothing is deleted.

    Raises:
        JieduiError: `by` is no administrator, or is the user.
    """
    _require_other(user, by)
    user.is_active = active
    with access.signed(by):
        user.save(update_fields=["is_active"])


def end_sessions(user: User, *, by: User) -> int:
    """结束会话: all open sessions of the user; gives how many there were.

    Raises:
        JieduiError: `by` is no administrator, or is the user.
    """
    _require_other(user, by)
    open_ones = Session.objects.filter(expire_date__gt=timezone.now())
    keys = [one.session_key for one in open_ones if one.get_decoded().get(SESSION_KEY) == str(user.pk)]
    return Session.objects.filter(session_key__in=keys).delete()[0]


def _first_password() -> str:
    """Four times four characters that are not taken for each other: 78 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def disclose(person_id: int, columns: Iterable[str], *, by: User, reason: str) -> dict[str, str | None]:
    """查看敏感信息: a person's identity number, phone or address in full, recorded with the person who asked and why.

    The record is committed, on a connection of its own, before anything is decrypted: whatever breaks off afterwards,
    nobody was shown what is not recorded. Works in the pages' process and in a job.

    Raises:
        JieduiError: no reason or one too short, a column that is not disclosed, a person whom `by` may not see by
            name, or as many disclosures as the limit of a day allows.
    """
    wanted, today = list(columns), date.today()
    _check_request(wanted, reason, today)
    sight = access.sight_of(by, today)
    person = Person.objects.visible_to(by).select_related("household").filter(pk=person_id).first()
    if person is None or person.region_code not in sight.named:
        raise JieduiError("There is no such person whom you may see by name.", remedy="Ask the home office.")
    with _apart() as own, own.cursor() as cursor:
        values = {**sight.as_settings(), "jiedui.day": today.isoformat(), "jiedui.user": str(by.pk)}
        cursor.execute(
            "SELECT set_config(n, v, true) FROM unnest(%s::text[], %s::text[]) AS t (n, v)",
            [list(values), list(values.values())],
        )
        _count_today(cursor, by, today)
        cursor.execute(
            "INSERT INTO records_disclosure (by_id, person_id, columns, reason, region_code) "
            "VALUES (%s, %s, %s, %s, %s)",
            [by.pk, person.pk, Jsonb(wanted), reason.strip(), person.region_code],
        )
    return {column: _plain(person, column) for column in wanted}


def _check_request(wanted: list[str], reason: str, today: date) -> None:
    if not reason.strip():
        raise JieduiError("Asking for hidden fields needs a reason.", remedy="Say what they are needed for.")
    least = parameters.load(today).value("leadership.disclosure_reason_length")
    if len(reason.strip()) < least:
        raise JieduiError(
            f"The reason for asking for hidden fields has fewer than {least} characters.",
            remedy="Say what they are needed for.",
        )
    if not wanted:
        raise JieduiError("No hidden field is asked for.", remedy=f"Ask for {', '.join(DISCLOSABLE)}.")
    if unknown := [column for column in wanted if column not in DISCLOSABLE]:
        raise JieduiError(f"{unknown[0]!r} is not disclosed.", remedy=f"Ask for {', '.join(DISCLOSABLE)}.")


@contextmanager
def _apart() -> Iterator[Any]:
    """A connection and transaction of its own, committed at the end, whatever becomes of the caller's."""
    own = connection.copy()
    try:
        with _transaction_on(own):
            yield own
    finally:
        own.close()


@contextmanager
def _transaction_on(own: Any) -> Iterator[None]:
    own.set_autocommit(False)
    try:
        yield
    except BaseException:
        own.rollback()
        raise
    own.commit()


def _count_today(cursor: Any, by: User, today: date) -> None:
    """Not more than the limit; two requests at a time wait for each other, so that neither slips through."""
    most = parameters.load(today).value("leadership.disclosures_per_day")
    cursor.execute("SELECT pg_advisory_xact_lock(2018, hashint8(%s))", [by.pk])
    begin = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    cursor.execute("SELECT count(*) FROM records_disclosure WHERE by_id = %s AND at >= %s", [by.pk, begin])
    if cursor.fetchone()[0] >= most:
        raise JieduiError(
            f"{by.username} has read hidden fields {most} times today, which is the limit of a day.",
            remedy="Go on tomorrow, or use a check sheet or an export, which need no hidden field.",
        )


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
    firm = _demo_firm(region) if role == "firm" else None
    if firm is not None:
        region = firm.region_code
    if not user.grants.filter(role=role, region_code=region).exists() and (role != "firm" or firm is not None):
        RoleGrant.objects.create(
            user=user, role=role, region_code=region, organisation=firm, valid=DateRange(since, None)
        )
    return name, password, ROLE[role][0]


def _demo_firm(region: str) -> Organisation | None:
    """The firm of a place with most people placed, else any firm; None where there is none."""
    firms = Organisation.objects.filter(kind="firm")
    inside = firms.filter(region_code__startswith=prefix(region)).annotate(placed=Count("vacancy__placement"))
    return inside.order_by("-placed", "pk").first() or firms.order_by("pk").first()


def _require_administrator(by: User) -> None:
    if access.region_of_role(by, "administrator", date.today()) != Scope.everything():
        raise JieduiError("Only an administrator of the whole country may do this.", remedy="Ask one.")


def _require_other(user: User, by: User) -> None:
    _require_administrator(by)
    if by == user:
        raise JieduiError("Nobody keeps one's own account here.", remedy="Have another administrator do it.")


def _plain(person: Person, column: str) -> str | None:
    if column == "address":
        return person.household.address
    stored = getattr(person, column)
    return None if stored is None else cipher().decrypt(stored, column, person.pk)
