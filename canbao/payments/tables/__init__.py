"""Tables of payments: what is owed and by whom, receipts and their blocks, the book, and what is given back.

Payments do not know cases: what another room asked for is named by an id that only that room reads.
"""

from canbao.payments.tables.back import (
    Payout,
    RefundAsk,
    RefundDue,
    WriteOff,
)
from canbao.payments.tables.book import (
    Entry,
    LedgerPosting,
)
from canbao.payments.tables.owed import (
    NOBODY,
    Asked,
    Charge,
    ChargeShare,
    DropOut,
    PriceTrace,
    Season,
)
from canbao.payments.tables.received import (
    AdvanceTurned,
    Block,
    Cancelled,
    PayerAnswer,
    Receipt,
    ReceiptLine,
    ReceiptPrint,
    TaxReceipt,
)

__all__ = [
    "NOBODY",
    "AdvanceTurned",
    "Asked",
    "Block",
    "Cancelled",
    "Charge",
    "ChargeShare",
    "DropOut",
    "Entry",
    "LedgerPosting",
    "PayerAnswer",
    "Payout",
    "PriceTrace",
    "Receipt",
    "ReceiptLine",
    "ReceiptPrint",
    "RefundAsk",
    "RefundDue",
    "Season",
    "TaxReceipt",
    "WriteOff",
]
