import numpy as np

from jiedui.simulate import naming
from jiedui.simulate.ethnic import GROUPS
from jiedui.simulate.streams import Streams


def some_names(group: str, n: int = 400, male: bool = True, year: int = 1985, families: int | None = None) -> list[str]:
    """Names of people of one group, sex and year of birth, each in a family of its own or in few families."""
    family = np.arange(n) if families is None else np.arange(n) % families
    at = np.full(n, GROUPS.index(group))
    return naming.names(at, family, np.full(n, year), np.full(n, male), Streams(4)).to_pylist()


def test_han_names_have_two_or_three_characters() -> None:
    """A surname and one or two characters; many different ones."""
    made = some_names("汉族")
    assert {len(name) for name in made} == {2, 3}
    assert len(set(made)) > 200


def test_a_family_shares_its_surname() -> None:
    """Whoever has the number of a family and its group has its surname."""
    made = some_names("汉族", families=5)
    assert len({name[0] for name in made}) <= 5
    assert all(made[i][0] == made[i + 5][0] for i in range(100))


def test_sexes_and_generations_have_names_of_their_own() -> None:
    """Names of women differ from those of men, those of the old from those of the young."""
    last = [
        {name[-1] for name in some_names("汉族", male=male, year=year)}
        for male, year in ((True, 1940), (False, 1940), (True, 2010), (False, 2010))
    ]
    for one in range(4):
        for other in range(one):
            assert len(last[one] & last[other]) < len(last[one]) / 2


def test_surnames_follow_the_group() -> None:
    """Half of the 回族 families here are called 马, and hardly a Han family is."""
    assert sum(name[0] == "马" for name in some_names("回族")) > 150
    assert sum(name[0] == "马" for name in some_names("汉族")) < 40


def test_peoples_without_surnames_get_names_of_two_parts() -> None:
    """Uygur names are joined by a dot, Tibetan ones written together."""
    assert all("·" in name for name in some_names("维吾尔族"))
    assert all(len(name) >= 4 and "·" not in name for name in some_names("藏族", male=False))


def test_every_group_has_names() -> None:
    """No group that the country knows leaves anybody without a name."""
    assert all(all(some_names(group, n=3)) for group in GROUPS)
