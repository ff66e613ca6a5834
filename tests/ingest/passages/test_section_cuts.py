"""Units to runs: about as long as wanted, cut where it costs least, nothing lost."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.passages.section_cuts import Unit, cut

UNITS = st.builds(
    Unit,
    start=st.just(0),
    end=st.just(1),
    tokens=st.integers(0, 60),
    joint=st.floats(0, 10),
    most=st.sampled_from([0, 0, 0, 55]),
)


def lengths(units: list[Unit], target: int = 20, limit: int = 30) -> list[int]:
    return [sum(unit.tokens for unit in run) for run in cut(units, target=target, limit=limit)]


def of(*tokens: int, joint: float = 0.0) -> list[Unit]:
    return [Unit(0, 1, count, joint) for count in tokens]


@given(st.lists(UNITS, max_size=30))
def test_runs_hold_every_unit_once_in_order_and_keep_to_the_limit(units: list[Unit]) -> None:
    runs = list(cut(units, target=20, limit=30))
    assert [unit for run in runs for unit in run] == units
    for run in runs:
        allowed = max(30, *(unit.most for unit in run))
        assert len(run) == 1 or sum(unit.tokens for unit in run) <= allowed


def test_runs_are_even() -> None:
    assert lengths(of(*[5] * 8)) == [20, 20]
    assert sorted(lengths(of(*[5] * 10))) == [15, 15, 20]


def test_a_dear_joint_is_not_cut() -> None:
    units = of(10, 10, 10, 10)
    assert lengths(units) == [20, 20]
    assert lengths([*units[:2], Unit(0, 1, 10, joint=5.0), units[3]]) == [10, 20, 10]


def test_a_unit_beyond_the_limit_is_alone() -> None:
    assert lengths(of(10, 90, 10)) == [10, 90, 10]


def test_a_unit_may_bring_its_own_limit() -> None:
    units = [Unit(0, 1, 5), Unit(0, 1, 45, joint=10.0, most=55)]
    assert lengths(units) == [50]
    assert lengths([*units, Unit(0, 1, 20)]) == [50, 20]


def test_units_without_a_token_do_not_pile_up() -> None:
    assert max(len(run) for run in cut(of(*[0] * 100), target=20, limit=30)) <= 30


def test_nothing_gives_nothing() -> None:
    assert list(cut([], target=20, limit=30)) == []
