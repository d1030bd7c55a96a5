"""`python -m dispute_cli` is `dispute`."""

from .cli.main import main

main()
