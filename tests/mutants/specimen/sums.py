"""Something small to change: one function that is proved, and one that nobody calls."""


def paid(price: int, delivery: int) -> int:
    return price + delivery


def forgotten(price: int) -> bool:
    return price < 0


LARGEST = 2
