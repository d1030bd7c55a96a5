"""Prints dispute_cli/core/currencies.py, made from the iso4217 package: python scripts/currencies.py > dispute_cli/core/currencies.py"""

import sys

import iso4217

HEAD = '''"""ISO 4217 currencies and their decimals, list of {published}: a table made by scripts/currencies.py, and nothing else."""

DECIMALS: dict[str, int] = {{
'''


def module() -> str:
    """The module's text; codes without a number of decimals (XXX, XTS, gold …) are no money and stay out."""
    decimals = {currency.code: currency.exponent for currency in iso4217.Currency if currency.exponent is not None}
    rows = [f'    "{code}": {decimals[code]},\n' for code in sorted(decimals)]
    return HEAD.format(published=iso4217.__published__) + "".join(rows) + "}\n"


if __name__ == "__main__":
    sys.stdout.write(module())
