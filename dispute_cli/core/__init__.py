"""The rules: pure functions over frozen values. No I/O, no clock, no randomness; only the standard library and msgspec."""
