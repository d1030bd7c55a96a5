"""What is proved of the sums; run by the test of the mutants alone."""

from .sums import LARGEST, paid


def test_what_is_paid_is_price_and_delivery() -> None:
    assert paid(50, 5) == 55


def test_the_largest_is_two() -> None:
    assert LARGEST == 2
