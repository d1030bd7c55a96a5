"""Answers as human text: one function for each type of answer. Nothing is computed that the answer does not hold, nothing is printed."""

from collections.abc import Callable
from typing import Any

from ... import answers as a
from . import done, lists, settings
from .forecasts import forecast
from .proofs import proofs
from .shape import Block
from .trials import tested

TEXTS: dict[type[a.Answer], Callable[[Any], list[Block]]] = {
    a.Done: done.done,
    a.DoneOnLines: done.done_on_lines,
    a.Made: done.made,
    a.Ticked: done.ticked,
    a.Verified: done.verified,
    a.Repaired: done.repaired,
    a.Tested: tested,
    a.Recorded: done.recorded,
    a.PageWritten: done.page_written,
    a.BackedUp: done.backed_up,
    a.Copied: done.copied,
    a.Exported: done.exported,
    a.SchemaTold: done.names,
    a.Shown: lists.shown,
    a.ShownLines: lists.shown_lines,
    a.Listed: lists.listed,
    a.Forecast: forecast,
    a.EventsTold: lists.events,
    a.LedgerTold: lists.ledger,
    a.DeadlinesTold: lists.deadlines,
    a.EvidenceTold: lists.evidence_list,
    a.ReasonsTold: lists.reasons,
    a.RulesTold: lists.rules,
    a.PoliciesTold: lists.policies,
    a.PolicyShown: lists.policy,
    a.PoliciesCompared: lists.policy_diff,
    a.PoliciesChecked: proofs,
    a.LifecycleTold: lists.lifecycle,
    a.Helped: lists.helped,
    a.ConfigTold: settings.listed,
    a.ConfigShown: settings.shown,
    a.ConfigWritten: settings.changed,
    a.ConfigPaths: settings.paths,
    a.Version: settings.version,
}

INFORMATION = (a.Written, a.BackedUp, a.Copied, a.Recorded, a.PageWritten, a.Exported, a.ConfigWritten)
"""Answers that only say what was done: --quiet silences them."""


def blocks(answer: a.Answer) -> list[Block]:
    """The text of an answer."""
    return TEXTS[type(answer)](answer)
