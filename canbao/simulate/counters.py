"""What the demo county needs before money is taken: bank accounts of its agencies, and receipt numbers."""

from __future__ import annotations

from typing import Final

from canbao.payments import blocks
from canbao.payments.banking import agency
from canbao.payments.banking.agency import Given
from canbao.payments.blocks import Kind, Run
from canbao.simulate import cast, road
from canbao.simulate.walks import Demo

# Invented, as everything of 明水县.
ACCOUNTS: Final = {"390": "1602000100390001", "170": "1602000100170001"}
BANK: Final = "明水农村商业银行"
FIRST, LAST = 8351, 8450


def make_ready(demo: Demo) -> None:
    """Enter an account for each agency, and issue a block of receipts to the coordinator of 杏花村."""
    for insurance, number in ACCOUNTS.items():
        officer = demo.actors[cast.FINANCE_OFFICER[insurance]]
        given = Given(insurance, officer.office_name, BANK, number)
        road.once(
            agency.add_account, demo.system, officer.office_id, given,
            at=demo.now, key=f"demo/account/{insurance}",
        )  # fmt: skip
    collector = demo.actors[cast.COORDINATOR[cast.APRICOT]]
    run = Run("25-杏花-03", Kind.ACKNOWLEDGEMENT, FIRST, LAST, collector.id)
    finance = demo.actors[cast.FINANCE_OFFICER["390"]]
    road.once(blocks.issue, finance, [run], at=demo.now, key="demo/block/apricot")
