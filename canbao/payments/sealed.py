"""Which columns of payments hold sealed text, for those who change keys."""

from __future__ import annotations

from typing import Final

from canbao.kernel.resealing import Sealed
from canbao.payments import refund_requests
from canbao.payments.tables import RefundAsk

COLUMNS: Final = (Sealed(RefundAsk, "account_sealed", lambda _id: refund_requests.bound()),)
