"""Gathers the rooms' tables for Django."""

from canbao.cases.tables import (  # noqa: F401
    Appeal,
    ArchiveItem,
    Bundle,
    BundleItem,
    Case,
    Check,
    Correction,
    DeadlineSpan,
    Decision,
    Draft,
    Export,
    ExportItem,
    SecondEntry,
    SurplusSheet,
)
from canbao.insured.tables import (  # noqa: F401
    Account,
    AccountBalance,
    Cover,
    CoverCertificate,
    Enrolment,
    EnrolmentYear,
)
from canbao.kernel.tables import (  # noqa: F401
    Audit,
    Counter,
    County,
    Job,
    JobResult,
    Notice,
    Office,
    Officer,
    Posting,
    Region,
    Request,
    Seal,
    SealCustody,
    Selection,
    Waiver,
)
from canbao.papers.tables import Blob, Copy, Custody, Mark, Paper  # noqa: F401
from canbao.payments.banking.tables import BankAccount, BankLine, FinanceDay, Unmatched  # noqa: F401
from canbao.payments.channels.cash.tables import CashDay, Deposit, HandOver  # noqa: F401
from canbao.payments.tables import (  # noqa: F401
    AdvanceTurned,
    Asked,
    Block,
    Cancelled,
    Charge,
    ChargeShare,
    DropOut,
    Entry,
    LedgerPosting,
    PayerAnswer,
    Payout,
    Receipt,
    ReceiptLine,
    ReceiptPrint,
    RefundAsk,
    RefundDue,
    Season,
    TaxReceipt,
    WriteOff,
)
from canbao.people.tables import (  # noqa: F401
    Category,
    Consent,
    Contact,
    Guardian,
    Household,
    IdentityDocument,
    Membership,
    Merger,
    OneTimeCode,
    Person,
    PersonChange,
    RegisterEntry,
)
from canbao.policy.tables import PackText  # noqa: F401
