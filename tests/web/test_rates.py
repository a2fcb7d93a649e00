"""Who asks too often is made to wait, and nobody else."""

from mottling.web.rates import Rates


def asked(rates: Rates, who: str, times: int, *, at_s: float = 0.0) -> list[bool]:
    return [rates.allows(who, per_minute=3, at_s=at_s) for _ in range(times)]


def test_a_minutes_requests_may_come_at_once_and_no_more():
    assert asked(Rates(), "nina", 5) == [True, True, True, False, False]


def test_they_come_back_evenly():
    rates = Rates()
    asked(rates, "nina", 3)
    assert asked(rates, "nina", 2, at_s=20) == [True, False]
    assert asked(rates, "nina", 4, at_s=1000) == [True, True, True, False]


def test_one_makes_nobody_else_wait():
    rates = Rates()
    asked(rates, "nina", 3)
    assert asked(rates, "noah", 1) == [True]


def test_knocking_all_the_time_makes_nobody_wait_longer():
    rates = Rates()
    asked(rates, "nina", 3)
    assert [rates.allows("nina", per_minute=3, at_s=second) for second in range(1, 21)].count(True) == 1
