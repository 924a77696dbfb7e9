"""Users, pairings and organisations for the tests of the verbs of the matches of pairs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from jiedui.records import access
from jiedui.records.models import Organisation, Pairing, RoleGrant, User

START = date(2017, 1, 1)
TODAY = date.today()
XUHUI, PUDONG, DONGGUAN = "310104", "310115", "441900"
LUQUAN, ZHAOYANG = "530128", "530602"
VILLAGE, OTHER_VILLAGE = ZHAOYANG + "101201", ZHAOYANG + "102203"


def user(role: str, region: str = "", organisation: Organisation | None = None) -> User:
    """A user with one role since long ago."""
    made = User.objects.create_user(f"{role}{region}{organisation.pk if organisation else ''}")
    RoleGrant.objects.create(
        user=made, role=role, region_code=region, organisation=organisation, valid=DateRange(START, None)
    )
    return made


def pairing(donor: str, recipient: str, level: str, scheme: str = "east_west", valid_from: date = START) -> Pairing:
    """A pairing that holds today."""
    return Pairing.objects.create(
        donor_code=donor, recipient_code=recipient, level=level, scheme=scheme, basis="试验", valid_from=valid_from
    )


def parents() -> tuple[Pairing, Pairing]:
    """上海 and 云南; 东莞 and 昭通."""
    return pairing("310000", "530000", "province_to_province"), pairing(DONGGUAN, "530600", "city_to_city")


def firm(region: str = DONGGUAN, kind: str = "firm", name: str = "演示公司") -> Organisation:
    """An organisation of a place."""
    return Organisation.objects.create(kind=kind, name=name, region_code=region)


def acting(reader: User, verb, *arguments, **given):
    """A verb in the pages' role: both walls hold."""
    with access.acting_as(reader):
        return verb(*arguments, by=reader, **given)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gives, each in a thread and a connection of its own, all begun together."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
