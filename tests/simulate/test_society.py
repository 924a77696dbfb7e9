from jiedui.terms.identity import is_valid_credit_code
from tests.simulate.conftest import Query


def test_nobody_can_take_an_organisation_for_a_real_one(sql: Query) -> None:
    """Every name says 演示; every credit code is valid and registered nowhere; private persons have none."""
    for kind, name, code in sql("SELECT kind, name, credit_code FROM organisation"):
        assert "演示" in name
        assert (code is None) == (kind == "person")
        assert code is None or (is_valid_credit_code(code) and code[2:8] == "000000")


def test_every_place_of_work_has_a_firm_and_every_donor_the_rest(sql: Query) -> None:
    """Firms stand in counties; social organisations, schools and hospitals with the 22 donor regions."""
    kinds = dict(sql("SELECT kind, count(DISTINCT region_code) FROM organisation GROUP BY 1"))
    assert kinds["firm"] > 900
    donors = sql("SELECT count(DISTINCT donor_code) FROM pairing")[0][0]
    assert all(kinds[kind] == donors for kind in ("social", "school", "hospital", "government", "person"))


def test_donations_give_something(sql: Query) -> None:
    """Each donation is money, goods or both; a few have lost their receipt."""
    assert not sql("SELECT 1 FROM donation WHERE money_fen + goods_fen <= 0")
    lost = sql("SELECT avg((receipt IS NULL)::int) FROM donation")[0][0]
    assert 0 < lost < 0.15


def test_firms_and_villages_pair_many_to_many(sql: Query) -> None:
    """Some firms have several villages; all villages have 12 digits."""
    assert sql("SELECT 1 FROM village_pair GROUP BY organisation_id HAVING count(*) > 1")
    assert not sql("SELECT 1 FROM village_pair WHERE length(region_code) != 12")
