import numpy as np

from jiedui.simulate.ethnic import GROUPS, county_groups


def groups_of(code: int, minority: float = 0.6) -> set[str]:
    """The minorities of a county; the weights of all groups sum to 1."""
    weights = county_groups(np.array([code]), np.array([minority]))[0]
    assert abs(weights.sum() - 1) < 1e-9
    assert abs(weights[0] - (1 - minority)) < 1e-9
    return {GROUPS[i] for i in np.flatnonzero(weights) if i}


def test_a_name_says_which_groups_live_there() -> None:
    """The county's own name first, then its prefecture's, then what is usual in the province."""
    assert groups_of(513431) == {"彝族"}  # 凉山彝族自治州昭觉县
    assert groups_of(520625) == {"土家族", "苗族"}  # 印江土家族苗族自治县
    assert groups_of(652825) == {"蒙古族"}  # 巴音郭楞蒙古自治州且末县
    assert groups_of(450123) == {"壮族"}  # 南宁市隆安县
    assert groups_of(542421) == {"藏族"}  # 那曲


def test_a_group_is_not_found_in_a_longer_name() -> None:
    """土族 is not found in 土家族."""
    assert "土族" not in groups_of(422801)
