"""Whether a reason gives money back: before cover begins, after, once benefits were drawn, within days."""

from __future__ import annotations

from datetime import date

from canbao.policy.rules.answers import RefundAnswer, RefundFacts
from canbao.policy.rules.chained import Chained
from canbao.policy.rules.terms import Gives, RefundSays
from canbao.policy.rules.values import Text


def reasons(rules: Chained, on: date) -> tuple[tuple[str, Text], ...]:
    """Give the reasons in force; see `Rules.refund_reasons`."""
    known = ((code, rules.said(placed, on)) for code, placed in rules.terms.refunds.items())
    return tuple((code, said.it.name) for code, said in known if said)


def refund(rules: Chained, reason: str, facts: RefundFacts) -> RefundAnswer:
    """Judge a reason; see `Rules.refund`."""
    said = rules.said(rules.terms.refunds.get(reason), facts.asked_on)
    if said is None:
        return RefundAnswer(
            allowed=False,
            code="refund_reason_unknown",
            reason=reason,
            name=None,
            says=None,
            difference_only=False,
            done_in_working_days=None,
            standing=None,
        )
    code = _code(said.it, facts)
    return RefundAnswer(
        allowed=code == "refund_allowed",
        code=code,
        reason=reason,
        name=said.it.name,
        says=said.it.says,
        difference_only=said.it.gives is Gives.DIFFERENCE,
        done_in_working_days=said.it.done_in_working_days,
        standing=said.standing,
    )


def _code(it: RefundSays, facts: RefundFacts) -> str:
    begun = facts.cover_from_on is not None and facts.cover_from_on <= facts.asked_on
    if begun and not it.after_cover:
        return "refund_cover_begun"
    if not begun and not it.before_cover:
        return "refund_cover_not_begun"
    if facts.benefits_drawn and not it.after_benefits:
        return "refund_benefits_drawn"
    if it.ask_within_days is not None:
        waited = (facts.asked_on - facts.paid_on).days
        if waited > it.ask_within_days:
            return "refund_asked_too_late"
    return "refund_allowed"
