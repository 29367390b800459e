"""What must never be false about money: one statement each, which gives the records that break it.

`canbao ledger check` asks all of them, `canbao simulate season` and the tests between acts. Each gives three
columns: which record, as it is kept, and as the book says, in fen unless its words say otherwise. No row at
all is how it must be. A new table that holds money adds its own here.
Source: issue 4, sections 5 and 8.
"""

from __future__ import annotations

from typing import Final

from canbao.payments.invariants.book import BOOK
from canbao.payments.invariants.cash import CASH
from canbao.payments.invariants.charges import CHARGES
from canbao.payments.invariants.receipts import RECEIPTS
from canbao.payments.invariants.refunds import REFUNDS

# A room above adds what it knows: `cases.checked`.
INVARIANTS: Final[dict[str, str]] = {**BOOK, **CHARGES, **RECEIPTS, **CASH, **REFUNDS}
