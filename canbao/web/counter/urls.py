"""Addresses of the counter, below /<county>/counter/."""

from __future__ import annotations

from typing import Final

from django.urls import path

from canbao.web.counter import (
    bank,
    cash,
    days,
    finance,
    genuine,
    numbers,
    receipts,
    repricing,
    township,
)

urlpatterns: Final = [
    path("", cash.cash, name="cash"),
    path("receipts/<uuid:receipt_id>", receipts.receipt, name="cash_receipt"),
    path("numbers", numbers.own_blocks, name="cash_blocks"),
    path("numbers/<uuid:block_id>", numbers.own_block, name="cash_block"),
    path("takeover", township.takeover, name="takeover"),
    path("slips/<uuid:slip_id>", township.handover, name="handover"),
    path("slips/<uuid:slip_id>/print", township.handover_pdf, name="handover_pdf"),
    path("papers/<str:token>", genuine.cash_paper, name="cash_paper"),
    path("finance", finance.overview, name="finance"),
    path("finance/denials/<uuid:answer_id>", finance.denial, name="finance_denial"),
    path("finance/blocks", finance.all_blocks, name="finance_blocks"),
    path("finance/blocks/<uuid:block_id>", finance.one_block, name="finance_block"),
    path("finance/charges", repricing.find, name="finance_charges"),
    path("finance/charges/<uuid:person_id>", repricing.person, name="finance_person"),
    path("finance/bank", bank.bank, name="finance_bank"),
    path("finance/bank/<uuid:line_id>", bank.line, name="finance_line"),
    path("finance/days", days.days, name="finance_days"),
    path("finance/days/<uuid:day_id>", days.day, name="finance_day"),
    path("finance/days/<uuid:day_id>/print", days.day_pdf, name="day_pdf"),
]
