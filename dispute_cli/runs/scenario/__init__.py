"""Scenario files: disputes as tests.

source.py (text and places) → document.py (shape, includes) → trial.py (one test for each case) → steps.py (variables filled in; what is
expected: expected.py) → play.py (carried out on a store in memory) → check.py (what does not hold) → suite.py (many files) → reports.
"""
