"""Papers of the cash: their QR answers what stands in the book, and receipts carry the charging seal of who may use it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from canbao.kernel import clock
from canbao.kernel.tables import Seal, SealCustody
from canbao.papers import render
from canbao.papers.forms import FormSheet
from canbao.payments import blocks, closing, prints, shown, verifying
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.blocks import Kind, Run
from canbao.payments.channels.cash.tables import HandOver
from canbao.payments.tables import Receipt
from tests import small as cast
from tests.payments import custody, money
from tests.small import Small
from tests.web.desk.conftest import Desk, text

Sit = Callable[[str], Desk]


def in_hand(token: str) -> str:
    """What a stranger reads who scans a paper."""
    found = Client(headers={"accept-language": "en"}).get(
        reverse("cash_paper", args=[cast.COUNTY, token])
    )
    return text(found) if found.status_code == 200 else str(found.status_code)


def handed(small: Small) -> HandOver:
    """A slip over one day, signed by both."""
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    custody.handed(small, small.chen, 44_000)
    slip: HandOver = HandOver.here.get()
    return slip


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[FormSheet]:
    """The sheets that were printed."""
    sheets: list[FormSheet] = []
    draw = render.pdf

    def kept(sheet: FormSheet) -> bytes:
        sheets.append(sheet)
        return draw(sheet)

    monkeypatch.setattr(render, "pdf", kept)
    return sheets


def test_the_qr_of_a_slip_says_what_both_signed(
    small: Small, desk: Sit, printed: list[FormSheet]
) -> None:
    slip = handed(small)

    page = in_hand(slip.token)
    assert desk("chen").get("handover_pdf", slip.id).content.startswith(b"%PDF")

    assert "this paper is in the county's books" in page
    assert "Compare number and sum" in page
    for words in (slip.number, "440.00 yuan", "陈秋生", "孟庆华", "Taken over"):
        assert words in page
    assert cast.identity(1).name not in page
    assert printed[0].token_url.endswith(reverse("cash_paper", args=[cast.COUNTY, slip.token]))
    assert in_hand("x" * 22) == in_hand("short") == "404"


def test_the_qr_of_a_certificate_says_whether_its_totals_are_those_of_the_book(
    small: Small, desk: Sit, printed: list[FormSheet]
) -> None:
    custody.account(small)
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    [day] = closing.close(
        small.luo, "390", clock.today(), at=clock.now(), key=cast.key()
    ).done  # fmt: skip
    kept = FinanceDay.here.get(id=day)

    page = in_hand(kept.token)

    assert "this paper is in the county's books" in page
    assert verifying.in_groups(kept.totals_sha256) in page
    assert "Compare number, day and the fingerprint of the totals" in page
    assert "number and sum" not in page
    assert "Confirmed by not yet" in page
    assert desk("luo").get("day_pdf", day).content.startswith(b"%PDF")
    assert printed[0].token_url.endswith(reverse("cash_paper", args=[cast.COUNTY, kept.token]))
    assert printed[0].fields["totals_sha256"] == verifying.in_groups(kept.totals_sha256)
    assert printed[0].fields["totals_sha256"].replace(" ", "") == kept.totals_sha256


def test_a_preprinted_receipt_carries_the_charging_seal_of_an_issuer_who_holds_it(
    small: Small,
) -> None:
    def sealed(first: int, kind: Kind = Kind.OFFICIAL) -> list[str]:
        run = Run(f"25-杏花-{first}", kind, first, first + 9, small.chen.id)
        [block] = blocks.issue(small.luo, [run], at=clock.now(), key=cast.key()).done
        [owed] = money.approved(small, claims=[cast.claim(first)])
        assert not money.collect(small.chen, block, money.ticket(first, [owed])).refused
        receipt: UUID = Receipt.here.get(block_id=block).id
        view = shown.receipt(receipt)
        assert view is not None
        sheet = prints.sheet(view, again=False, language="zh-hans")
        assert prints.pdf(small.chen, receipt, at=clock.now()).startswith(b"%PDF")
        return [one.seal.purpose for one in sheet.opinions if one.seal]

    assert sealed(10) == ["收费专用章"]
    assert sealed(30, Kind.ACKNOWLEDGEMENT) == []
    seal = Seal.here.get(office_id=small.luo.office_id, kind="county_charging")
    SealCustody.here.filter(seal_id=seal.id, officer_id=small.luo.id).update(to_on=clock.today())
    assert sealed(50) == []
