import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.simulate.families import CHILD, GRANDCHILD, HEAD, IN_LAW, PARENT, SPOUSE, families
from jiedui.simulate.streams import Streams


@settings(max_examples=60, deadline=None)
@given(persons=st.integers(1, 400), seed=st.integers(0, 10_000))
def test_ties_and_ages_fit(persons: int, seed: int) -> None:
    """Exactly the persons asked for; one head each; couples of both sexes; nobody older than who bore them."""
    made = families(persons, Streams(seed))
    assert len(made.age) == persons
    heads = made.household[made.relation == HEAD]
    assert heads.tolist() == list(range(made.households))
    assert made.age.min() >= 0
    assert made.age.max() <= 100
    for row in range(persons):
        relation, age, elder = made.relation[row], made.age[row], made.elder[row]
        if made.partner[row] >= 0:
            partner = made.partner[row]
            assert made.partner[partner] == row
            assert made.male[partner] != made.male[row]
            assert made.household[partner] == made.household[row]
            assert min(age, made.age[partner]) >= 18
        if relation in (CHILD, GRANDCHILD):
            assert made.age[elder] - age >= 17
        if relation == PARENT and made.relation[elder] == HEAD:
            assert age - made.age[elder] >= 18


def test_everybody_who_married_has_a_partner() -> None:
    """A spouse and a child-in-law always have the partner through whom they came."""
    made = families(3000, Streams(3))
    married = np.isin(made.relation, (SPOUSE, IN_LAW))
    assert (made.partner[married] >= 0).all()


def test_three_persons_to_a_household() -> None:
    """The average size is near the 3.04 of the registered households of 2014."""
    made = families(60_000, Streams(3))
    assert 2.8 < 60_000 / made.households < 3.3
