"""Money given back: over the same road, by two people at finance, and what is not given back."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from canbao.cases import (
    advance,
    appeal,
    application,
    archive,
    death,
    flow,
    handing_over,
    inspection,
    item,
    payee,
)
from canbao.cases.flow import Status, Verdict
from canbao.cases.tables import Case, Check
from canbao.insured.tables import AccountBalance, Cover
from canbao.kernel import clock, secrets, statements
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit, Notice
from canbao.papers.marks import Confirmation
from canbao.payments import accounts, charges, ledger, refund_requests, refunds, writing_off
from canbao.payments.channels.cash import cancelling
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.checking import differences
from canbao.payments.refund_requests import Account
from canbao.payments.refunds import State
from canbao.payments.tables import Charge, Payout, Receipt, RefundAsk, RefundDue
from canbao.people import officers
from canbao.people import queries as people
from canbao.people.tables import Contact
from tests import small as cast
from tests.cases import refunding as steps
from tests.payments import family, money
from tests.small import Small


def book(insurance: str = "390") -> dict[str, int]:
    """What stands as premium, refund due, bank and written off; credits are positive."""
    names = [accounts.PREMIUM, accounts.REFUND_DUE, accounts.BANK, accounts.WRITTEN_OFF]
    found = ledger.balances(names)
    return {name: -fen for (name, kind), fen in found.items() if kind == insurance and fen}


def bound(person_id: UUID) -> UUID:
    """A phone bound to this person."""
    sealed = secrets.seal("13800001427", bound_to="x")
    one = Contact.here.create(
        county=cast.COUNTY, person_id=person_id, phone_sealed=sealed, phone_mac=str(new_id()),
        masked="138****1427", bound_at=clock.now(),
    )  # fmt: skip
    return UUID(str(one.id))


def told() -> list[str]:
    return [
        one
        for one in Notice.here.order_by("at", "id").values_list("template", flat=True)
        if one.startswith("refund")
    ]


def test_somebody_who_paid_twice_gets_the_money_back_by_two_people(small: Small) -> None:
    [source] = steps.paid(small, [1])
    bound(source.person_id)

    [case] = steps.asked(small, source)
    row = cast.rows(small.wei, [case])[case]
    assert (row.kind, row.desk, row.subject_id, row.own_fen) == (
        "refund", "county", source.id, 44_000,
    )  # fmt: skip
    assert set(Check.here.filter(case_id=case).values_list("verdict", flat=True)) == {"agrees"}
    assert not RefundDue.here.exists()

    assert not steps.passed(small.wei, [case]).refused
    assert cast.rows(small.luo, [case])[case].desk == "finance"
    assert book() == {"premium": 44_000}
    assert not steps.passed(small.luo, [case]).refused
    assert book() == {"refund_due": 44_000}
    assert Charge.here.values_list("state", "paid_fen").get() == (charges.State.CANCELLED, 0)
    assert not Cover.here.filter(void_at=None).exists()
    assert RefundDue.here.values_list("state", "reason").get() == (State.APPROVED, "paid_twice")

    assert steps.codes(cast.decide(small.luo, [case])) == ["acted_elsewhere"]
    assert not steps.passed(small.gu, [case]).refused
    assert book() == {"bank": 44_000}
    assert RefundDue.here.get().state == State.PAID
    assert Payout.here.values_list("result", "masked").get() == ("paid", "**** 4567")
    assert Case.here.values_list("desk", "status", "is_open").get(id=case) == (
        "archive", Status.APPROVED, False,
    )  # fmt: skip
    assert told() == ["refund_asked", "refund_approved", "refund_paid"]
    assert not archive.file(small.wei, cast.versions(small.wei, [case]), at=clock.now()).refused
    assert item.build(small.wei, case, at=clock.now())
    assert differences() == []


def test_what_is_due_already_is_paid_out_on_the_same_road(small: Small) -> None:
    source = steps.due(small, 1)
    assert (source.is_due, source.reason, source.fen) == (True, "withdrawn", 44_000)

    [case] = steps.asked(small, source, reason="")
    assert RefundDue.here.get().state == State.ASKED
    steps.to_payout(small, [case])
    assert RefundDue.here.count() == 1
    assert not steps.passed(small.gu, [case]).refused

    assert RefundDue.here.get().state == State.PAID
    assert book() == {"bank": 44_000}
    assert differences() == []


def test_a_refund_is_handed_to_the_bank_once_and_before_it_is_paid(small: Small) -> None:
    ids = steps.asked(small, *steps.paid(small, [1, 2]))
    assert steps.codes(steps.sent(small.gu, ids)) == ["not_at_desk"]
    for actor in (small.wei, small.luo):
        assert not steps.passed(actor, ids).refused
    cast.answer_all(small.gu, ids)
    assert steps.codes(cast.decide(small.gu, ids)) == ["refund_not_sent"]
    assert steps.codes(steps.sent(small.luo, ids)) == ["acted_elsewhere"]
    seen = cast.versions(small.gu, ids)
    other = handing_over.hand_over(small.cai, seen, at=clock.now(), key=cast.key())
    assert steps.codes(other) == ["not_found"]
    stale = handing_over.hand_over(small.gu, dict.fromkeys(ids, 1), at=clock.now(), key=cast.key())
    assert steps.codes(stale) == ["moved_since"]

    assert not steps.sent(small.gu, ids[:1]).refused
    assert steps.codes(steps.sent(small.qin, ids)) == ["refund_sent_already"]

    assert set(RefundDue.here.values_list("state", "sent_on", "sent_by_name")) == {
        (State.SENT, clock.today(), "顾清"), (State.SENT, clock.today(), "秦川"),
    }  # fmt: skip
    assert book() == {"refund_due": 88_000}
    assert differences() == []
    # Who handed it over need not be who hears from the bank.
    assert not cast.decide(small.gu, ids[:1]).refused
    assert not steps.failed(small.gu, ids[1:]).refused
    assert set(RefundDue.here.values_list("state", flat=True)) == {State.PAID, State.FAILED}
    assert not steps.passed(small.luo, ids[1:]).refused
    assert RefundDue.here.filter(state=State.APPROVED).count() == 1
    assert not steps.sent(small.qin, ids[1:]).refused
    assert differences() == []


def test_what_the_bank_has_is_not_due_again_whatever_a_flow_says(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = steps.asked(small, *steps.paid(small, [1, 2]))
    for actor in (small.wei, small.luo):
        assert not steps.passed(actor, ids).refused
    assert not steps.sent(small.gu, ids[:1]).refused
    shipped = flow.load(flow.newest("refund", "390").name)
    loose = replace(shipped.desks["payout"], refuses=True)
    refusing = replace(shipped, desks={**shipped.desks, "payout": loose})
    monkeypatch.setattr(flow, "load", lambda _name: refusing)

    outcome = cast.decide(small.gu, ids, Verdict.REFUSE)

    assert (outcome.done, steps.codes(outcome)) == ((ids[1],), ["refund_sent_already"])
    assert set(RefundDue.here.values_list("state", flat=True)) == {State.SENT, State.DUE}
    assert RefundAsk.here.filter(is_open=True).values_list("subject_id", flat=True).get() == ids[0]
    assert cast.rows(small.gu, ids)[ids[0]].desk == "payout"
    assert differences() == []


def test_whoever_wrote_the_account_does_not_send_money_to_it(small: Small) -> None:
    ids = steps.asked(small, *steps.paid(small, [1, 2]))
    assert not steps.passed(small.wei, ids).refused
    own, version = ids[0], cast.versions(small.gu, ids)[ids[0]]
    give = Account(RefundAsk.here.get(subject_id=own).holder, "工行", "6212 2616 0000 9999")
    assert not payee.change_account(small.gu, own, version, give, at=clock.now()).refused
    assert not steps.passed(small.luo, ids).refused

    outcome = steps.sent(small.gu, ids)

    assert (outcome.done, steps.codes(outcome)) == ((ids[1],), ["account_by_yourself"])
    assert RefundDue.here.filter(state=State.APPROVED).count() == 1
    # Two officers are enough: it goes back, the other writes it and approves.
    assert not steps.failed(small.gu, [own]).refused
    version = cast.versions(small.luo, [own])[own]
    assert not payee.change_account(small.luo, own, version, give, at=clock.now()).refused
    assert not steps.passed(small.luo, [own]).refused
    assert not steps.passed(small.gu, [own]).refused
    assert RefundDue.here.filter(state=State.PAID).count() == 1
    assert differences() == []


def test_an_account_that_is_seen_to_be_wrong_goes_back_before_it_goes_to_the_bank(
    small: Small,
) -> None:
    [case] = steps.asked(small, *steps.paid(small, [1]))
    for actor in (small.wei, small.luo):
        assert not steps.passed(actor, [case]).refused

    assert not steps.failed(small.gu, [case]).refused

    assert RefundDue.here.get().state == State.FAILED
    assert cast.rows(small.luo, [case])[case].desk == "finance"


def test_the_pensions_own_money_leaves_the_personal_account(small: Small) -> None:
    [source] = steps.paid(small, [1], "170")
    assert AccountBalance.here.get().balance_fen == 50_000
    outcome = steps.ask(small.shi, steps.wish(source, reason="other_insurance"))
    [case] = outcome.done
    assert not steps.passed(small.shi, [case]).refused
    assert steps.codes(cast.decide(small.luo, [case])) == []
    assert not steps.passed(small.cai, [case]).refused
    assert AccountBalance.here.get().balance_fen == 0
    assert differences() == []


def test_what_the_bank_did_not_pay_comes_back_for_another_account(small: Small) -> None:
    [source] = steps.paid(small, [1])
    bound(source.person_id)
    [case] = steps.asked(small, source)
    steps.to_payout(small, [case])

    assert not steps.failed(small.gu, [case]).refused
    row = cast.rows(small.luo, [case])[case]
    assert (row.desk, row.status) == ("finance", Status.RETURNED)
    assert RefundDue.here.get().state == State.FAILED
    assert Payout.here.values_list("result", "reason").get() == ("failed", "再拍一张")
    assert told()[-1] == "refund_failed"

    name = RefundAsk.here.get().holder
    give = Account(name, "工行", "6212 2616 0000 9999")
    stranger = replace(give, holder="张三")
    version = row.version
    assert steps.codes(
        payee.change_account(small.luo, case, version, stranger, at=clock.now())
    ) == ["account_of_another"]
    assert steps.codes(payee.change_account(small.chen, case, version, give, at=clock.now())) == [
        "not_at_desk"
    ]
    assert not payee.change_account(small.luo, case, version, give, at=clock.now()).refused
    assert refund_requests.numbers_in_clear([case]) == {case: "6212261600009999"}
    assert not steps.passed(small.luo, [case]).refused
    assert steps.codes(payee.change_account(small.gu, case, version + 2, give, at=clock.now())) == [
        "not_at_desk"
    ]
    assert not steps.passed(small.gu, [case]).refused

    assert book() == {"bank": 44_000}
    assert Payout.here.order_by("id").values_list("masked", flat=True)[1] == "**** 9999"
    assert differences() == []


def test_the_account_is_kept_sealed_and_each_act_is_on_record(small: Small) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    steps.to_payout(small, [case])
    assert not steps.passed(small.gu, [case]).refused

    number = "6222020200001234567"
    texts = [str(value) for row in RefundAsk.here.values_list() for value in row]
    texts += Audit.here.values_list("facts", flat=True)
    assert not any(number in one for one in texts)
    assert refund_requests.see([case])[case].masked == "**** 4567"
    events = set(Audit.here.values_list("event", flat=True))
    assert events >= {"case.refund_asked", "refund.due", "refund.paid", "case.decided"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fen": 44_001}, "refund_more_than_paid"),
        ({"fen": 43_000}, "amount_changed_back"),
        ({"drawn": True, "reason": "unheard_of"}, "refund_reason_unknown"),
        ({"holder": "张三"}, "account_of_another"),
        ({"number": "abc"}, "account_unclear"),
        ({"number": "1234567"}, "account_unclear"),
        ({"bank": " "}, "bank_missing"),
    ],
)
def test_an_ask_that_is_not_right_is_refused_and_the_right_one_is_taken(
    small: Small, changes: dict[str, object], code: str
) -> None:
    [source] = steps.paid(small, [1])

    assert steps.codes(steps.ask(small.wei, steps.wish(source, **changes))) == [code]
    assert not RefundAsk.here.exists()
    assert not steps.ask(small.wei, steps.wish(source)).refused


def test_after_the_year_began_the_pack_says_no(small: Small) -> None:
    [source] = steps.paid(small, [1])
    begun = clock.now().replace(year=source.year, month=1, day=2)

    assert steps.codes(steps.ask(small.wei, steps.wish(source), at=begun)) == ["refund_cover_begun"]
    assert not steps.ask(small.wei, steps.wish(source)).refused


def test_once_benefits_were_drawn_nothing_is_given_back(small: Small) -> None:
    [source] = steps.paid(small, [1])
    # Found insured elsewhere late: the pack gives this back after cover began, but for benefits drawn.
    later = clock.now().replace(year=source.year, month=3, day=2)
    ask = steps.wish(source, reason="not_enrolled", drawn=True)

    assert steps.codes(steps.ask(small.wei, ask, at=later)) == ["refund_benefits_drawn"]
    fine = steps.wish(source, reason="not_enrolled")
    assert not steps.ask(small.wei, fine, at=later).refused


def test_money_is_asked_back_once(small: Small) -> None:
    first, second = steps.paid(small, [1, 2])
    [case] = steps.asked(small, first)

    assert steps.codes(steps.ask(small.wei, steps.wish(first))) == ["refund_asked_already"]
    twice = steps.ask(small.wei, steps.wish(second), steps.wish(second))
    assert (len(twice.done), steps.codes(twice)) == (1, ["refund_asked_already"])
    steps.to_payout(small, [case])
    assert not steps.passed(small.gu, [case]).refused
    assert steps.codes(steps.ask(small.wei, steps.wish(first))) == ["refunded_already"]
    [due] = refund_requests.find([RefundDue.here.get().id]).values()
    assert steps.codes(steps.ask(small.wei, steps.wish(due))) == ["refunded_already"]


def test_a_receipt_cancelled_meanwhile_is_not_given_back_again(small: Small) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    assert not steps.passed(small.wei, [case]).refused
    [receipt] = Receipt.here.values_list("id", flat=True)
    cancel = cancelling.cancel(small.chen, {receipt: "写错"}, at=clock.now(), key=cast.key())
    assert not cancel.refused

    assert steps.codes(steps.passed(small.luo, [case])) == ["given_back_in_cash"]
    assert not RefundDue.here.exists()
    assert differences() == []


def test_what_finance_approved_keeps_its_receipt(small: Small) -> None:
    [source] = steps.paid(small, [1])
    steps.to_payout(small, steps.asked(small, source))
    [receipt] = Receipt.here.values_list("id", flat=True)

    cancel = cancelling.cancel(small.chen, {receipt: "写错"}, at=clock.now(), key=cast.key())

    assert steps.codes(cancel) == ["receipt_used_already"]


def test_a_refusal_leaves_what_is_due_and_an_appeal_brings_it_back(small: Small) -> None:
    source = steps.due(small, 1)
    [case] = steps.asked(small, source)
    assert not cast.decide(small.wei, [case], Verdict.REFUSE).refused
    assert (RefundDue.here.get().state, RefundAsk.here.get().is_open) == (State.DUE, False)
    contact = bound(source.person_id)
    phone = officers.resident(contact)
    assert phone is not None
    lodged = appeal.lodge(phone, case, "钱是我的", at=clock.now())
    one = UUID(lodged.made["appeal"])

    assert not appeal.decide(small.yan, one, True, "对", at=clock.now()).refused

    assert (RefundDue.here.get().state, RefundAsk.here.get().is_open) == (State.ASKED, True)
    assert not steps.passed(small.yan, [case]).refused
    assert not steps.passed(small.luo, [case]).refused
    assert not steps.passed(small.gu, [case]).refused
    assert book() == {"bank": 44_000}


def test_an_ask_is_taken_back_until_finance_has_it(small: Small) -> None:
    first, second = steps.paid(small, [1, 2])
    cases = steps.asked(small, first, second)
    assert not steps.passed(small.wei, cases[1:]).refused

    outcome = application.withdraw(small.wei, cast.versions(small.wei, cases), at=clock.now())

    assert (outcome.done, steps.codes(outcome)) == ((cases[0],), ["too_late"])
    assert not steps.ask(small.wei, steps.wish(first)).refused


def test_who_died_is_paid_to_the_heir_who_signs(small: Small) -> None:
    [source] = steps.paid(small, [1])
    case = Case.here.values_list("id", flat=True).get()
    death.record(small.wei, case, clock.today(), "死亡证明 1", at=clock.now())
    heir = Confirmation("paper", "王小", "proxy")

    own = steps.wish(source, reason="died", confirmation=heir)
    assert steps.codes(steps.ask(small.wei, own)) == ["account_of_another"]
    right = steps.wish(source, reason="died", holder="王小", confirmation=heir)
    assert not steps.ask(small.wei, right).refused
    assert Check.here.get(case_id=right.id, item="account_own").verdict == "unsure"


def test_a_child_or_somebody_who_died_signs_for_nothing(small: Small) -> None:
    child = family.owing(small)["王一诺"]
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, [child])).refused
    [of_child] = refund_requests.of_person(child.person_id)
    [of_dead] = steps.paid(small, [7])
    [case] = Case.here.filter(person_id=of_dead.person_id).values_list("id", flat=True)
    death.record(small.wei, case, clock.today(), "死亡证明 1", at=clock.now())
    own = people.persons([of_dead.person_id])[of_dead.person_id].name

    for source, reason, wrong in (
        (of_child, "paid_twice", Confirmation("paper", "王一诺")),
        (of_child, "paid_twice", Confirmation("paper", "赵雅琴")),
        (of_child, "paid_twice", Confirmation("paper", "王一诺", "parent")),
        (of_child, "paid_twice", Confirmation("paper", "", "parent")),
        (of_dead, "died", Confirmation("paper", own)),
        (of_dead, "died", Confirmation("paper", own, "proxy")),
    ):
        ask = steps.wish(source, reason=reason, confirmation=wrong, holder=wrong.name)
        assert steps.codes(steps.ask(small.wei, ask)) == ["refund_signer_needed"], wrong
    assert not RefundAsk.here.exists()
    parent, heir = Confirmation("paper", "赵雅琴", "parent"), Confirmation("paper", "王小", "proxy")
    right = steps.wish(of_child, confirmation=parent, holder="赵雅琴")
    also = steps.wish(of_dead, reason="died", confirmation=heir, holder="王小")
    assert not steps.ask(small.wei, right, also).refused


def test_a_case_that_gives_back_takes_no_advance(small: Small) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    block = money.block(small, small.chen, 901, 950)

    outcome = advance.take(
        small.chen, block, [Ticket(new_id(), 901, "王", {case: 44_000})], at=clock.now()
    )

    assert steps.codes(outcome) == ["case_decided"]


def test_only_who_may_ask_asks_and_only_within_reach(small: Small) -> None:
    [source] = steps.paid(small, [1])
    with pytest.raises(Refused, match="not_for_this_desk"):
        steps.ask(small.luo, steps.wish(source))
    assert steps.codes(steps.ask(small.he, steps.wish(source))) == ["not_found"]
    assert steps.codes(steps.ask(small.shi, steps.wish(source))) == ["not_found"]
    stranger = officers.resident(bound(steps.paid(small, [2])[0].person_id))
    own = officers.resident(bound(source.person_id))
    assert stranger is not None
    assert own is not None
    assert steps.codes(steps.ask(stranger, steps.wish(source))) == ["not_found"]
    assert not steps.ask(own, steps.wish(source)).refused


def test_a_phone_asks_for_several_of_its_own_in_as_few_statements(small: Small) -> None:
    sources = steps.paid(small, range(1, 6))
    phone = officers.resident(bound(sources[0].person_id))
    assert phone is not None
    persons = [one.person_id for one in sources]
    Case.here.filter(person_id__in=persons).update(contact_id=phone.id)
    first, *rest = [steps.wish(one) for one in sources]
    with statements.seen() as few:
        assert not steps.ask(phone, first).refused
    with statements.seen() as many:
        assert not steps.ask(phone, *rest).refused
    assert len(many) <= len(few)


def test_writing_off_takes_two_and_only_what_nobody_asks_for(small: Small) -> None:
    one, other = steps.due(small, 1), steps.due(small, 2)
    steps.asked(small, other)
    with pytest.raises(Refused, match="not_finance"):
        writing_off.propose_write_off(small.wei, {one.id: "找不到人"}, at=clock.now())
    outcome = writing_off.propose_write_off(
        small.luo, {one.id: "找不到人", other.id: "找不到人"}, at=clock.now()
    )
    assert steps.codes(outcome) == ["refund_not_due"]
    [proposal] = writing_off.proposed(small.gu)

    alone = writing_off.decide_write_off(small.luo, {proposal.id: True}, at=clock.now())
    assert steps.codes(alone) == ["second_person_needed"]
    assert not writing_off.decide_write_off(small.gu, {proposal.id: True}, at=clock.now()).refused

    assert book() == {"refund_due": 44_000, "written_off": 44_000}
    assert steps.codes(steps.ask(small.wei, steps.wish(one))) == ["refund_written_off"]
    assert [row.id for row in refunds.waiting(small.luo)] == [other.id]
    assert differences() == []


def test_the_statements_do_not_grow_with_the_set(small: Small) -> None:
    sources = steps.paid(small, range(1, 10))
    asks = [steps.wish(one) for one in sources]
    with statements.seen() as one:
        first = steps.ask(small.wei, asks[0])
    with statements.seen() as many:
        rest = steps.ask(small.wei, *asks[1:])
    assert not first.refused
    assert not rest.refused
    assert len(many) <= len(one) + 1
    counts = []
    for actor in (small.wei, small.luo, small.gu):
        cast.answer_all(actor, [*first.done, *rest.done])
        for ids in (first.done, rest.done) if actor is small.gu else ():
            versions = cast.versions(actor, ids)
            with statements.seen() as seen:
                assert not handing_over.hand_over(actor, versions, at=clock.now()).refused
            counts.append(len(seen))
        for ids in (first.done, rest.done):
            with statements.seen() as seen:
                assert not cast.decide(actor, ids).refused
            counts.append(len(seen))
    assert all(later <= before + 1 for before, later in zip(counts[::2], counts[1::2], strict=True))
    assert differences() == []


def test_the_book_is_checked_against_what_was_given_back(small: Small) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    steps.to_payout(small, [case])
    assert not steps.passed(small.gu, [case]).refused

    RefundDue.here.update(amount_fen=45_000)

    assert {one.what for one in differences()} == {"refund_paid", "refund_ended", "refund_line"}


def test_the_desks_of_finance_ask_each_their_own(small: Small) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    assert not steps.passed(small.wei, [case]).refused
    row = cast.rows(small.luo, [case])[case]

    assert inspection.asked(row) == ("county_marks", "refund_agrees")
    assert steps.codes(cast.decide(small.luo, [case])) == ["checklist_open"]
    assert steps.codes(cast.decide(small.wei, [case])) == ["not_at_desk"]
    assert row.due_on == clock.add_working_days(clock.today(), 5, clock.official())
