import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.simulate.streams import Streams, pick, pick_by_row


def test_a_stream_does_not_depend_on_the_others() -> None:
    """What one purpose draws is the same whether or not another purpose has drawn before."""
    alone = Streams(5).of("person").random(10)
    streams = Streams(5)
    streams.of("household").random(1000)
    np.testing.assert_array_equal(streams.of("person").random(10), alone)


def test_purposes_and_seeds_give_different_streams() -> None:
    """Two purposes of one seed, and one purpose of two seeds, draw different numbers."""
    drawn = {tuple(Streams(seed).of(purpose).random(3)) for seed in (1, 2) for purpose in ("a", "b")}
    assert len(drawn) == 4


def test_a_negative_seed_is_refused() -> None:
    """A negative seed is an error of the user, said in one sentence."""
    with pytest.raises(JieduiError, match="seed -1"):
        Streams(-1)


@given(weights=st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any), seed=st.integers(0, 99))
def test_pick_takes_only_what_has_weight(weights: list[int], seed: int) -> None:
    """An index with weight 0 is never drawn, by neither of the two ways of drawing."""
    rng = Streams(seed).of("test")
    for drawn in (pick(rng, weights, 50), pick_by_row(rng, np.tile(weights, (50, 1)))):
        assert all(weights[i] > 0 for i in drawn.tolist())


def test_pick_follows_the_weights() -> None:
    """With weights 1 to 3, about a quarter of many draws is the first."""
    drawn = pick(Streams(1).of("test"), [1, 3], 20_000)
    assert abs((drawn == 0).mean() - 0.25) < 0.02
