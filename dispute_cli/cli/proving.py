"""`policy check` on the command line: proved, told, and what refutes it written where it is wanted. The proof is runs/checking.py's."""

from ..runs.checking import check
from . import telling
from .errands import CheckPolicies
from .settings import Settings
from .writing import check_new, write


def run(errand: CheckPolicies, settings: Settings, query: telling.Query | None) -> int:
    """Check every policy that is named."""
    if errand.save is not None:
        check_new("save", errand.save)
    answer = check(errand.file)
    stories = [one.scenario for policy in answer.policies for one in policy.properties if one.scenario]
    if errand.save is not None and stories and not settings.dry_run:
        write("save", errand.save, stories[0].encode())
    return telling.tell(answer, settings, query, errand)
