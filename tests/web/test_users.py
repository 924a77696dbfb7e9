"""The administrator's pages of users, and who looked at hidden fields: as the pages' role of the database."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from jiedui.policy import parameters
from jiedui.policy.rules import leadership_roles
from jiedui.records.loading import load_tables
from jiedui.records.models import Disclosure, RoleConflict, RoleGrant, User
from jiedui.records.queries import users
from jiedui.web import sentences
from tests.records.small_country import VILLAGES, country
from tests.web.administration import as_pages, made_up, reader, signed_in

pytestmark = pytest.mark.django_db
TODAY = date.today()


@pytest.fixture
def admin(settings) -> Client:
    """An administrator of the whole country, and 刘, an office's user."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made_up()
    reader("liu", "recipient_office", "530000")
    return signed_in(reader("keeper", "administrator", ""))


def _user(name: str = "liu") -> User:
    return User.objects.get(username=name)


def _send(client: Client, name: str, **values: str):
    with as_pages():
        return client.post(f"/users/{_user(name).pk}/", values)


def test_nobody_but_the_administrator_of_the_country_finds_the_pages(admin):
    """Other roles, and an administrator of a province, get 404 and no entry in the navigation."""
    others = [("auditor", ""), ("discipline", "530000"), ("recipient_office", "530000"), ("administrator", "530000")]
    for number, (role, region) in enumerate(others):
        other = signed_in(reader(f"other{number}", role, region))
        with as_pages():
            for address in ("/users/", f"/users/{_user().pk}/"):
                assert other.get(address).status_code == 404, (role, address)
                assert other.post(address, {"act": "deactivate", "username": "x"}).status_code == 404
            assert 'href="/users/"' not in other.get("/").content.decode()
    assert _user().is_active
    with as_pages():
        assert 'href="/users/"' in admin.get("/").content.decode()


def test_the_list_is_searched_and_paged_in_the_order_of_names(admin):
    """Every user stands on one page, whichever way one walks; the search finds both names."""
    User.objects.bulk_create(User(username=f"u{n:03d}", first_name=f"第{n}办") for n in range(120))
    names = sorted(User.objects.values_list("username", flat=True))
    with as_pages():
        seen, after, pages = [], "", []
        while True:
            page = users.page("", after=after)
            seen += [one.username for one in page.rows]
            pages.append(page)
            if not page.after:
                break
            after = page.after
        assert sorted(seen) == names
        assert len(seen) == len(set(seen))
        back = users.page("", before=pages[2].before)
        assert [one.pk for one in back.rows] == [one.pk for one in pages[1].rows]
        assert not pages[0].before
        text = admin.get("/users/?q=第117").content.decode()
        assert "u117" in text
        assert "u116" not in text
        assert "没有叫这个名字的用户" in admin.get("/users/?q=nobody-at-all").content.decode()


def test_the_list_says_who_is_locked_or_inactive(admin):
    """After five wrong passwords within the guard's time, and after a deactivation."""
    AccessAttempt.objects.create(username="liu", ip_address="10.0.0.1", failures_since_start=5, user_agent="a")
    with as_pages():
        assert "已锁定" in admin.get("/users/?q=liu").content.decode()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=1))
    assert _send(admin, "liu", act="deactivate").status_code == 302
    with as_pages():
        text = admin.get("/users/?q=liu").content.decode()
    assert "已锁定" not in text
    assert "已停用" in text


def test_a_new_user_signs_in_with_the_password_shown_once_and_changes_it(admin, client):
    """It is on the answer only, kept by no cache; nothing opens before it is changed; no role and no flag comes by."""
    with as_pages():
        answer = admin.post("/users/", {"username": "wang", "shown_name": "昭通市扶贫办"})
        password = re.search(r'class="secret">([a-z0-9-]{19})<', answer.content.decode())[1]
        assert "no-store" in answer.headers["Cache-Control"]
        made = _user("wang")
        assert password not in admin.get(f"/users/{made.pk}/").content.decode()
        assert client.post("/login/", {"username": "wang", "password": password}).headers["Location"] == "/"
        for address in ("/", "/register/", "/api/v1/"):
            assert client.get(address).headers["Location"] == "/account/password/", address
        same = {"old_password": password, "new_password1": password, "new_password2": password}
        assert "请换一个" in client.post("/account/password/", same).content.decode()
        new = {"new_password1": "a-word-of-wang-2017", "new_password2": "a-word-of-wang-2017"}
        client.post("/account/password/", {"old_password": password, **new})
        assert client.post("/login/", {"username": "wang", "password": password}).status_code == 200
        client.post("/login/", {"username": "wang", "password": new["new_password1"]})
        assert client.get("/").status_code == 200
    assert (made.is_superuser, made.is_staff, made.grants.count(), made.first_name) == (False, False, 0, "昭通市扶贫办")


@pytest.mark.parametrize(
    ("name", "said"), [("LIU", "已有用户"), ("a b", "登录名"), ("", "登录名"), ("x" * 151, "登录名")]
)
def test_a_name_that_is_taken_or_none_is_refused(admin, name, said):
    """With a sentence in the page's language, and what was typed stays."""
    with as_pages():
        answer = admin.post("/users/", {"username": name, "shown_name": "某办"})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert 'value="某办"' in answer.content.decode()
    assert User.objects.count() == 2


def test_a_role_is_granted_by_name_of_the_place_and_withdrawn_with_a_date(admin):
    """The page says who gave it and when, and both days are those on which it holds."""
    day = TODAY + timedelta(days=30)
    sent = {"act": "grant", "role": "labour_bureau", "region": "昭通市", "since": f"{TODAY}", "last_day": f"{day}"}
    assert _send(admin, "liu", **sent).status_code == 302
    made = RoleGrant.objects.get(user=_user(), role="labour_bureau")
    assert (made.region_code, made.valid.lower, made.valid.upper) == ("530600", TODAY, day + timedelta(days=1))
    with as_pages():
        text = admin.get(f"/users/{_user().pk}/").content.decode()
    assert "keeper" in text
    assert day.isoformat() in text
    end = TODAY + timedelta(days=3)
    assert _send(admin, "liu", act="withdraw", grant=str(made.pk), on=f"{end}").status_code == 302
    made.refresh_from_db()
    assert made.valid.upper == end
    with as_pages():
        assert (end - timedelta(days=1)).isoformat() in admin.get(f"/users/{_user().pk}/").content.decode()


def test_a_firms_role_is_granted_by_its_number_or_name(admin):
    """Though the administrator sees no organisation; the region is the firm's."""
    load_tables(country(3))
    User.objects.create_user("firm")
    assert _send(admin, "firm", act="grant", role="firm", firm="合成服装厂").status_code == 302
    assert RoleGrant.objects.filter(user=_user("firm"), organisation_id=1, region_code="310115").exists()
    with as_pages():
        assert "合成服装厂" in admin.get(f"/users/{_user('firm').pk}/").content.decode()
    other = User.objects.create_user("other")
    assert "没有企业" in _send(admin, "other", act="grant", role="firm", firm="99").content.decode()
    assert not other.grants.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"role": "auditor", "region": ""}, "谁考核、谁审计，谁就不做被考核的工作"),
        ({"role": "recipient_office", "region": "530000"}, "已有角色"),
        ({"role": "labour_bureau", "region": ""}, "须指明地区"),
        ({"role": "labour_bureau", "region": "乌有市"}, "没有地方叫"),
        ({"role": "labour_bureau", "region": "530600", "since": "2019-02-30"}, "不是日期"),
        ({"role": "labour_bureau", "region": "530600", "since": f"{TODAY}", "last_day": "2019-01-01"}, "早于"),
        ({"role": "nobody", "region": "530600"}, "没有角色"),
        ({"role": "firm", "region": "530600"}, "企业角色"),
    ],
)
def test_what_cannot_be_granted_is_said_in_a_sentence(admin, sent, said):
    """And changes nothing; what was typed stays in the form."""
    answer = _send(admin, "liu", act="grant", **sent)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert f'value="{sent["region"]}"' in answer.content.decode()
    assert RoleGrant.objects.filter(user=_user()).count() == 1


def test_roles_that_collide_already_are_explained(admin):
    """By the rule's sentence, on the user's page and by name in the list."""
    RoleConflict.objects.all().delete()  # they were granted before the rule
    RoleGrant.objects.create(user=_user(), role="auditor", valid=RoleGrant.objects.get(user=_user()).valid)
    with as_pages():
        assert "谁考核、谁审计，谁就不做被考核的工作" in admin.get(f"/users/{_user().pk}/").content.decode()
        assert "同时持有互斥角色" in admin.get("/users/").content.decode()


def test_every_reason_of_the_rule_has_a_chinese_sentence():
    """A pair of roles that is added to the parameter brings its sentence along."""
    for conflict in leadership_roles.conflicts(parameters.load(TODAY)):
        assert re.search("[一-鿿]", sentences.told(conflict.reason)), conflict.reason


def test_sessions_passwords_and_accounts_are_ended(admin):
    """Of the one user: another's session stays; inactive, the open session shows the sign-in."""
    theirs, another = signed_in(_user()), signed_in(reader("chen", "finance", "530000"))
    assert _send(admin, "liu", act="sessions").status_code == 302
    with as_pages():
        assert theirs.get("/").status_code == 302
        assert another.get("/").status_code == 200
    theirs = signed_in(_user())
    assert re.search(r'class="secret">[a-z0-9-]{19}<', _send(admin, "liu", act="password").content.decode())
    with as_pages():
        assert theirs.get("/").status_code == 302
    theirs = signed_in(_user())
    _send(admin, "liu", act="deactivate")
    with as_pages():
        assert theirs.get("/").status_code == 302
    _send(admin, "liu", act="activate")
    assert _user().is_active


def test_nobody_edits_oneself(admin):
    """Neither grants nor account: the page has no form, and a forged one is refused."""
    mine = RoleGrant.objects.get(user=_user("keeper"))
    with as_pages():
        assert 'name="act"' not in admin.get(f"/users/{_user('keeper').pk}/").content.decode()
    for act in ("grant", "withdraw", "deactivate", "activate", "sessions", "password"):
        sent = {"role": "public", "grant": str(mine.pk)}
        assert _send(admin, "keeper", act=act, **sent).status_code == 400, act
    assert list(RoleGrant.objects.filter(user=_user("keeper"))) == [mine]
    assert _user("keeper").is_active


def _looked(person: int, village: str, reason: str, days_ago: int = 0) -> None:
    Disclosure.objects.create(
        by=_user(), person_id=person, columns=["phone"], reason=reason, region_code=village,
        at=timezone.now() - timedelta(days=days_ago),
    )  # fmt: skip


def test_disclosures_are_seen_by_the_inspection_of_the_place_masked_and_filtered(admin):
    """The name is masked; of another province nothing; the filters by place and day hold, and so does paging."""
    load_tables(country())
    for number in range(60):
        _looked(4, VILLAGES[1], f"核对{number}号", days_ago=0 if number else 40)
    _looked(7, VILLAGES[2], "别省的事")
    inspection = signed_in(reader("jw", "discipline", "530000"))
    with as_pages():
        first = inspection.get("/disclosures/").content.decode()
        assert "合**" in first
        assert "合成人" not in first
        assert "别省的事" not in first
        second = inspection.get("/disclosures/" + re.search(r'rel="next" href="([^"]+)"', first)[1])
        numbers = [int(n) for page in (first, second.content.decode()) for n in re.findall(r"核对(\d+)号", page)]
        assert numbers == list(range(59, -1, -1))
        since = (TODAY - timedelta(days=50)).isoformat()
        last = (TODAY - timedelta(days=30)).isoformat()
        old = inspection.get("/disclosures/", {"place": "昭通", "since": since, "last_day": last}).content.decode()
        assert re.findall(r"核对(\d+)号", old) == ["0"]
        assert "没有人查看" in inspection.get("/disclosures/", {"place": "大理白族自治州"}).content.decode()
        assert inspection.get("/disclosures/", {"since": "x"}).status_code == 400
        for who in (admin, signed_in(_user())):
            assert who.get("/disclosures/").status_code == 404
            assert 'href="/disclosures/"' not in who.get("/").content.decode()
