"""Settings for every test: property tests are the same in every run."""

from hypothesis import HealthCheck, settings

settings.register_profile("dispute", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dispute")
