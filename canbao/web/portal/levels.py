"""What it costs: the categories or tiers, the likely one with its reason, and who pays the rest."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from canbao.kernel.refusal import Refused
from canbao.policy import words as said
from canbao.policy.rules.answers import Level, Likely, Price
from canbao.policy.rules.resolved import Rules
from canbao.policy.rules.values import Payer
from canbao.web.portal import judging
from canbao.web.portal.forms import LevelForm
from canbao.web.portal.stepping import Step, go_on, person_page
from canbao.web.theme.format import day, money, sentence_gap
from canbao.web.theme.forms import Option
from canbao.web.theme.pieces import PriceLine


@person_page
def level(step: Step) -> HttpResponse:
    """Choose a level, see what it costs and who pays the rest."""
    rules = step.rules()
    facts = judging.facts_of(step.person, step.on)
    if facts is None:
        return step.on_to("more" if step.person.residency else "home_of")
    likely = rules.likely_level(facts, step.on)
    offered = rules.levels_open_to(facts, step.on)
    known = step.person.level in {one.code for one in offered}
    chosen = step.person.level if known else likely.level or ""
    pension = step.basket.insurance == "170"
    form = LevelForm(
        step.request.POST or None,
        label=(
            gettext("How much does %(name)s pay a year?")
            if pension
            else gettext("How is %(name)s insured?")
        )
        % {"name": step.person.name},
        hint=_why(likely, rules, step),
        options_of=[(one.code, _option(one, likely, pension=pension)) for one in offered],
        initial={"level": chosen},
    )
    posted = step.request.method == "POST"
    if posted and form.is_valid() and "again" not in step.request.POST:
        kept = step.keep(level=form.cleaned_data["level"])
        return go_on(step, kept, "level", rules)
    shown = form.cleaned_data["level"] if posted and form.is_valid() else chosen
    return step.draw(
        "level",
        failed=posted and not form.is_valid(),
        form=form,
        pension=pension,
        absent=[said.in_language(one.not_found) for one in rules.levels(step.on) if one.not_found],
        claimed=[
            said.in_language(rules.groups[code].name)
            for code in step.person.groups
            if code in rules.groups
        ],
        back=step.url("more"),
        **_breakdown(rules, shown, step),
    )


def _why(likely: Likely, rules: Rules, step: Step) -> str:
    if likely.level is None or likely.level not in rules.definitions:
        return ""
    name = said.in_language(rules.level(likely.level, step.on).name)
    picked = gettext("“%(level)s” is chosen for you.") % {"level": name}
    return f"{said.reason(likely)}{sentence_gap()}{picked}"


def _option(one: Level, likely: Likely, *, pension: bool) -> Option:
    own = one.own_fen or 0
    if not pension:
        hint = said.in_language(one.hint) if one.hint else ""
        return Option(
            said.in_language(one.name), hint, gettext("%(money)s a year") % {"money": money(own)}
        )
    added = one.whole_fen - own
    last = (
        gettext("Last year's choice")
        if likely.why == "likely_last_year" and likely.level == one.code
        else ""
    )
    return Option(
        gettext("Pay %(money)s") % {"money": money(own)},
        gettext("The account grows by %(money)s a year") % {"money": money(one.whole_fen)},
        gettext("plus %(money)s") % {"money": money(added)},
        last,
    )  # fmt: skip


def _breakdown(rules: Rules, code: str, step: Step) -> dict[str, Any]:
    facts = judging.facts_of(step.person, step.on)
    if facts is None or code not in rules.definitions:
        return {}
    try:
        price = rules.price(facts, code, step.on)
    except Refused:
        return {}
    standing = price.trace[0].standing
    source = said.in_language(standing.title)
    if standing.published_on:
        source += gettext(", published on %(day)s") % {"day": day(standing.published_on)}
    if price.confirmed:
        source += gettext(", confirmed by the county")
    return {
        "own_fen": price.own_fen,
        "lines": [
            PriceLine(said.payer(share), share.fen)
            for share in price.shares
            if share.payer is not Payer.OWN
        ],
        "source": source,
        "unconfirmed": _notes(price),
    }


def _notes(price: Price) -> str:
    found = [note for line in price.trace for note in said.notes(line.standing)]
    return sentence_gap().join(dict.fromkeys(found))
