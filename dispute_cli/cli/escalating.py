"""Escalation and review on the command line. Words into structs, nothing else."""

from typing import Annotated, Literal

from typer import Option

from ..core.commands import Escalate, RequestEvidence, Rule
from .options import Days, Id, whole


def escalate(
    id: Id,
    confirm: Annotated[bool, Option("--confirm", help="Everything is there: escalate.")] = False,
    no_thanks: Annotated[bool, Option("--no-thanks", help="Leave everything as it is.")] = False,
) -> Escalate:
    """Turn the dispute into a claim: the platform decides."""
    return Escalate(id=id, confirm=confirm, no_thanks=no_thanks)


def request_evidence(
    id: Id,
    party: Annotated[Literal["buyer", "seller"], Option("--from", metavar="buyer|seller", help="Whose evidence is asked for.")],
    days: Days = None,
) -> RequestEvidence:
    """Ask a party for evidence: it is open to them again."""
    return RequestEvidence(id=id, party=party, days=whole(days, "days"))


def rule(
    id: Id,
    refund: Annotated[str, Option("--refund", metavar="AMOUNT|full|0", help="What the buyer gets back.")],
    reason: Annotated[str, Option("--reason", metavar="TEXT", help="Why; - reads standard input.")],
    early: Annotated[bool, Option("--early", help="Before the review allows it, recorded as such; for tests.")] = False,
) -> Rule:
    """Rule on the claim: final, nothing after it but the payout."""
    return Rule(id=id, refund=refund, reason=reason, early=early)
