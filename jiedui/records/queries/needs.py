"""需求与意向查询: needs, offers of help and what was brought together, as a reader may see them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from jiedui.records.models import HelpGiven, HelpOffer, Need, Organisation, User

_OFFERS_SHOWN = 200


def needs(user: User, state: str = "") -> QuerySet[Need]:
    """需求: visible ones, the newest first; `state` "" = all."""
    rows = Need.objects.visible_to(user)
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def need(user: User, need_id: int) -> Need | None:
    """一项需求, or None where there is none for the reader."""
    return needs(user).filter(pk=need_id).first()


def offers(user: User, state: str = "") -> QuerySet[HelpOffer]:
    """意向: visible ones, the newest first; who makes them tells `giver_names`."""
    rows = HelpOffer.objects.visible_to(user)
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def offer(user: User, offer_id: int) -> HelpOffer | None:
    """一项意向, or None where there is none for the reader."""
    return offers(user).filter(pk=offer_id).first()


def open_offers(user: User) -> list[HelpOffer]:
    """可选意向: open ones that are no offers for villages, for the form that signs by hand."""
    return list(offers(user, "open").exclude(kind="village")[:_OFFERS_SHOWN])


def given_of(user: User, need_ids: Iterable[int]) -> dict[int, HelpGiven]:
    """在进行的对接: by need."""
    rows = HelpGiven.objects.visible_to(user).filter(need_id__in=list(need_ids), ended_on=None)
    return {row.need_id: row for row in rows}


def giver_names(user: User, found: Iterable[HelpOffer]) -> dict[int, str]:
    """帮扶方名称: offer → name of its organisation, as far as the user may see it: private givers are not for all."""
    by_offer = {row.pk: row.organisation_id for row in found}
    rows = Organisation.objects.visible_to(user).filter(pk__in=set(by_offer.values()))
    names = dict(rows.values_list("pk", "name"))
    return {offer_id: names[key] for offer_id, key in by_offer.items() if key in names}


def names_of_given(user: User, given: Iterable[HelpGiven]) -> dict[int, str]:
    """对接方名称: need → who meets it, as far as the user may see the offer and its organisation."""
    by_offer = {row.help_offer_id: row.need_id for row in given}
    names = giver_names(user, HelpOffer.objects.visible_to(user).filter(pk__in=list(by_offer)))
    return {by_offer[offer_id]: name for offer_id, name in names.items()}


def counts(user: User) -> dict[str, int]:
    """按状态计数: needs by state."""
    return dict(Need.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk")))


def offer_counts(user: User) -> dict[str, int]:
    """按状态计数: offers by state."""
    return dict(HelpOffer.objects.visible_to(user).order_by().values_list("state").annotate(Count("pk")))


def givers(user: User) -> list[tuple[int, str]]:
    """可代为登记的组织: those for which the reader acts, or that are registered where its office is."""
    sight = user.sight()
    places = [Q(**one) for one in sight.office.comparisons("region_code")]
    condition = Q(pk__in=sight.organisations)
    for place in places:
        condition |= place
    rows = Organisation.objects.visible_to(user).filter(condition).order_by("region_code", "name", "pk")
    return list(rows.values_list("pk", "name")[:_OFFERS_SHOWN])
