"""Sheets as the demo county would print them, with every part filled in."""

from __future__ import annotations

import io
from datetime import date

from PIL import Image, ImageDraw

from canbao.papers.forms import (
    ApplicantMark,
    ArchiveStamp,
    Desk,
    FormSheet,
    HowMarked,
    Opinion,
)
from canbao.papers.seals import Seal

URL = "https://canbao.mingshui.example/p/Zk3vQ0a8TnS1xY7rWm2uLw"
RARE_NAME = "\U0002cc56㛃"
LONG_NAME = "阿卜杜热西提·阿卜杜外力江·麦麦提"


def signature() -> bytes:
    """A drawn stroke on nothing, as a signature pad gives it."""
    image = Image.new("RGBA", (420, 160), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(20, 120), (120, 30), (200, 130), (390, 40)], "black", 9)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def portrait() -> bytes:
    """A stand-in for a one-inch photo."""
    target = io.BytesIO()
    Image.new("RGB", (300, 400), (143, 160, 175)).save(target, "JPEG")
    return target.getvalue()


def opinions() -> tuple[Opinion, ...]:
    """Village, township and county, signed and sealed."""
    return (
        Opinion(
            Desk.VILLAGE,
            "材料齐全，原件已看，同意上报。",
            "陈秋生",
            "明水县柳泉镇杏花村村民委员会",
            date(2026, 11, 19),
            signature(),
            Seal("明水县柳泉镇杏花村村民委员会"),
        ),
        Opinion(
            Desk.TOWNSHIP,
            "信息核对一致，同意报县。",
            "孟庆华",
            "明水县柳泉镇便民服务中心",
            date(2026, 11, 24),
            signature(),
            Seal("明水县柳泉镇便民服务中心", "参保专用章"),
        ),
        Opinion(
            Desk.COUNTY,
            "符合条件，准予参保，建立个人账户。",
            "魏静怡",
            "明水县社会保险事业中心",
            date(2026, 11, 26),
            None,
            Seal("明水县社会保险事业中心", "参保专用章"),
        ),
    )


PERSON = {
    "name": "周长河",
    "sex": "1",
    "ethnicity": "汉族",
    "id_kind": "citizen_id",
    "id_number": "3701**********4413",
    "birth_on": "1978-02-09",
    "phone": "139****6614",
    "household_address": "明水县柳泉镇杏花村5组0531户",
    "living_address": "同上",
    "postcode": "000199",
    "household_nature": "agricultural",
    "special_identity": "none",
    "attachments": "id_card,booklet,photo",
    "typed_by": "无",
    "office_name": "明水县社会保险事业中心",
    "office_phone": "12333",
}


def pension() -> FormSheet:
    """Screen 16."""
    return FormSheet(
        "registration-170",
        1,
        "370199-26-B01-0012655",
        URL,
        1,
        2,
        PERSON
        | {
            "enrolled_on": "2026-11",
            "tier_options": "30000,50000,100000,200000,500000",
            "tier_fen": "100000",
            "subsidy_fen": "8000",
            "collective_fen": "0",
            "other_pension": "none",
            "social_card": "尾号3306",
            "account_number": "3701990025184471",
            "account_opened_on": "2026-11-26",
            "interest_from": "缴费次月",
        },
        opinions=opinions(),
        applicant_mark=ApplicantMark(
            HowMarked.FINGERPRINT, "周长河", date(2026, 11, 18), signature(), signature(), "李大有"
        ),
        archive=ArchiveStamp("370199", "2026", "YL01", "100年", "盒0032", "件017"),
        photo_jpeg=portrait(),
    )


def medical() -> FormSheet:
    """A child's form, signed by a grandparent."""
    return FormSheet(
        "registration-390",
        1,
        "370199-27-A01-0008412",
        URL,
        2,
        2,
        PERSON
        | {
            "name": "王一诺",
            "sex": "2",
            "birth_on": "2018-03-15",
            "cover_year": "2027",
            "category": "child",
            "guardian_name": "王守田",
            "guardian_relation": "祖父",
            "guardian_id_number": "3701**********0317",
            "unit": "柳泉镇中心小学",
            "amount_fen": "39000",
            "subsidy_fen": "76000",
            "other_insurance": "none",
            "attachments": "id_card,guardian_proof",
            "established_on": "2026-11-26",
        },
        opinions=opinions(),
        applicant_mark=ApplicantMark(HowMarked.DRAWN, "王守田", date(2026, 11, 18), signature()),
    )


def family() -> FormSheet:
    """An elder with two children, names of two scripts."""
    return FormSheet(
        "family-relation",
        1,
        "370199-26-R01-0000317",
        URL,
        1,
        2,
        {
            "name": "阿卜杜外力·麦麦提",
            "sex": "1",
            "birth_on": "1958-04-02",
            "id_number": "3701**********1234",
            "phone": "138****0317",
            "household_address": "明水县柳泉镇杏花村3组0317户",
            "spouse_name": "古丽巴哈尔·阿布都热西提",
            "spouse_id_number": "3701**********1427",
            "spouse_insured": "已参保",
        },
        rows=(
            {"name": "麦麦提·阿卜杜外力", "sex": "1", "relation": "长子", "insured": "yes"},
            {"name": RARE_NAME, "sex": "2", "relation": "长女", "insured": "no", "reason": "上学"},
        ),
        opinions=opinions()[:2],
        applicant_mark=ApplicantMark(HowMarked.INK, "阿卜杜外力·麦麦提", date(2026, 11, 18)),
    )


def slip() -> FormSheet:
    """The receipt of an application."""
    return FormSheet(
        "receipt-slip",
        1,
        "370199-26-H01-0000412",
        URL,
        fields={
            "matter": "enrolment",
            "name": "王守田",
            "id_number": "3701**********0317",
            "insurance": "城乡居民基本医疗保险",
            "case_number": "370199-27-A01-0008412",
            "received_on": "2026-11-18",
            "received_at_office": "柳泉镇杏花村村民委员会",
            "way": "village",
            "next_office": "柳泉镇便民服务中心",
            "next_on": "2026-11-21",
            "answer_on": "2026-11-26",
            "office_phone": "0531-55501200",
        },
        rows=({"title": "居民身份证", "sheets": "1", "original": "seen"},),
        opinions=opinions()[:1],
    )


def notice() -> FormSheet:
    """Everything that is missing, at once."""
    return FormSheet(
        "missing-notice",
        1,
        "370199-26-N01-0000031",
        URL,
        1,
        2,
        {
            "name": "赵雅琴",
            "insurance": "城乡居民基本医疗保险",
            "case_number": "370199-27-A01-0008413",
            "applied_on": "2026-11-18",
            "due_on": "2026-11-28",
            "bring_to": "柳泉镇杏花村村民委员会",
            "returned_by": "柳泉镇便民服务中心",
        },
        rows=({"subject": "身份证号码", "reason": "最后一位不一样。", "action": "拿身份证来改。"},),
        opinions=opinions()[1:2],
    )


def cover(cases: int = 61) -> FormSheet:
    """The cover list of a bundle, long enough for two pages."""
    return FormSheet(
        "bundle-cover",
        1,
        "370199101205-26-012",
        URL,
        fields={
            "from_office": "杏花村村民委员会",
            "to_office": "柳泉镇便民服务中心",
            "insurance": "居民养老",
            "bundle_name": "第12批",
            "cases": str(cases),
            "households": "27",
            "sheets": str(2 * cases),
            "attachments": "209",
        },
        rows=tuple(
            {
                "household": f"{place // 12 + 1}-{place:04d}",
                "name": "阿依古丽·买买提江",
                "case_number": f"370199-26-B01-{place:07d}",
                "sheets": "2",
                "attachments": "4",
            }
            for place in range(cases)
        ),
        opinions=opinions()[:1],
    )


def decision(outcome: str = "approved") -> FormSheet:
    """The county's answer, one way or the other."""
    refused = outcome == "refused"
    return FormSheet(
        "decision",
        1,
        "370199-26-D01-0012655",
        URL,
        1,
        2,
        {
            "name": "周长河",
            "insurance": "城乡居民基本养老保险",
            "case_number": "370199-26-B01-0012655",
            "decided_on": "2026-11-26",
            "outcome": outcome,
            "office_name": "明水县社会保险事业中心",
            "office_phone": "12333",
        }
        | (
            {
                "appeal_to": "明水县人力资源和社会保障局",
                "appeal_until_on": "2027-01-25",
                "appeal_how": "带这份告知书到窗口说明要申诉。",
            }
            if refused
            else {"account_number": "3701990025184471", "amount_fen": "100000"}
        ),
        rows=({"reason": "已参加职工基本养老保险。", "action": "停保后再来申请。"},)
        if refused
        else (),
        opinions=opinions()[2:],
    )


def refund_decision(outcome: str = "given_back") -> FormSheet:
    """The answer to somebody who asked for money back."""
    refused = outcome == "refused"
    return FormSheet(
        "refund-decision",
        1,
        "370199-26-0012655-1",
        URL,
        1,
        2,
        {
            "name": "周长河",
            "id_number": "3701**********4413",
            "insurance": "城乡居民基本医疗保险",
            "cover_year": "2027",
            "case_number": "370199-26-0012655",
            "applied_on": "2026-11-20",
            "decided_on": "2026-11-26",
            "outcome": outcome,
            "why": "已参加职工医保或外地居民医保",
            "receipt_number": "101",
            "amount_fen": "44000",
            "office_name": "明水县医疗保障局",
            "office_phone": "12393",
        }
        | (
            {
                "appeal_to": "明水县医疗保障局",
                "appeal_until_on": "2027-01-25",
                "appeal_how": "书面交到县里、村里，或在手机上提出。",
            }
            if refused
            else {"holder": "周长河", "account": "农业银行明水支行 **** 4567"}
        ),
        rows=(
            {
                "reason": "原因没有证明。",
                "basis": "退费原因证明",
                "action": "补来职工参保证明再申请。",
            },
        )
        if refused
        else (),
        opinions=opinions()[2:],
    )


def manifest() -> FormSheet:
    """What lies in an archive item."""
    return FormSheet(
        "archive-manifest",
        1,
        "370199-2026-YL01-0032-017",
        URL,
        fields={
            "archive_number": "370199-2026-YL01-0032-017",
            "subject": "周长河居民养老参保登记",
            "filed_on": "2026-11-26",
            "retention": "100年",
            "sheets": "7",
            "manifest_sha256": "7f3c" * 16,
            "office_name": "明水县社会保险事业中心",
        },
        rows=({"title": "居民参保登记表", "sheets": "1", "sha256": "ab12" * 16},),
        opinions=opinions()[2:],
    )


def handover() -> FormSheet:
    """Cash on its way from the village to the township."""
    return FormSheet(
        "handover-slip",
        1,
        "370199-JJ-2026-000012",
        URL,
        fields={
            "from_name": "陈秋生",
            "from_office": "柳泉镇杏花村村民委员会",
            "to_name": "孟庆华",
            "to_office": "柳泉镇便民服务中心",
            "insurance": "居民医保",
            "amount_fen": "1247000",
            "capitals": "壹万贰仟肆佰柒拾元整",
            "offered_on": "2026-12-02",
            "answered_on": "2026-12-03",
        },
        rows=(
            {"day": "2026-12-02", "receipts": "14", "expected": "12,480.00",
             "counted": "12,470.00", "reason": "找错了零钱"},
        ),
    )  # fmt: skip


def certificate() -> FormSheet:
    """A day that finance closed."""
    return FormSheet(
        "day-certificate",
        1,
        "370199-RJ-390-2026-0007",
        URL,
        fields={
            "office_name": "明水县医疗保障局",
            "insurance": "居民医保",
            "after_on": "2026-12-01",
            "day": "2026-12-02",
            "closed_by": "罗振邦",
            "closed_on": "2026-12-03",
            "totals_sha256": "7f3c" * 16,
        },
        rows=({"what": "收据", "number": "14", "amount": "12,480.00"},),
    )


def receipt(kind: str = "receipt", people: int = 4) -> FormSheet:
    """Money for a household of four, one of them paid for."""
    rows = [
        ("王守田", "440", "0"), ("赵雅琴", "440", "0"), ("王一诺", "390", "0"), ("李桂香", "440", "440"),
    ]  # fmt: skip
    return FormSheet(
        kind,
        1,
        "0008412",
        URL,
        fields={
            "county_name": "明水县",
            "county_code": "370199",
            "block": "25-杏花-03",
            "issuer_name": "明水县医疗保障局",
            "paid_on": "2026-12-02",
            "household": "杏花村 0317",
            "payer_name": "王守田",
            "way": "cash",
            "kind": "payment",
            "amount_fen": "127000",
            "amount_capitals": "壹仟贰佰柒拾元整",
            "cover_from_on": "2027年1月1日",
            "cover_to_on": "2027年12月31日",
            "collector_name": "陈秋生",
            "office_name": "明水县柳泉镇杏花村村民委员会",
        },
        rows=[
            {
                "name": name,
                "id_number": "3701**********0317",
                "insurance": "居民医保 2027",
                "level": "成年居民",
                "due_fen": f"{due}00",
                "others_fen": str(int(others) * 100),
                "amount_fen": f"{int(due) - int(others)}00",
            }
            for name, due, others in (rows * 3)[:people]
        ],
    )


def statement() -> FormSheet:
    """A pension account of two years."""
    return FormSheet(
        "account-statement",
        1,
        "3701990025184471-20261231",
        URL,
        fields={
            "name": RARE_NAME,
            "id_number": "3701**********4413",
            "account_number": "3701990025184471",
            "opened_on": "2026-11-26",
            "until_on": "2026-12-31",
            "balance_fen": "106000",
            "own_fen": "100000",
            "others_fen": "6000",
            "still_due_fen": "9000",
            "office_name": "明水县社会保险中心",
        },
        rows=[
            {
                "on": "2026-12-02",
                "what": "现金缴费",
                "year": "2026",
                "receipt": "0008412",
                "amount": "500.00",
                "balance": "500.00",
            }
        ]
        * 2,
    )


def cover_certificate() -> FormSheet:
    """Somebody covered for a year."""
    return FormSheet(
        "cover-certificate",
        1,
        "370199-26-C0000001",
        URL,
        fields={
            "name": "王守田",
            "id_number": "3701**********0317",
            "insurance": "居民医保",
            "year": "2027",
            "from_on": "2027-01-01",
            "to_on": "2027-12-31",
            "issued_on": "2026-12-02",
            "why": "在集中缴费期内交的（到 2026 年 12 月 31 日）。",
            "office_name": "明水县医疗保障局",
        },
    )


def all_sheets() -> dict[str, FormSheet]:
    """One of each, by name."""
    return {
        "pension": pension(),
        "medical": medical(),
        "family": family(),
        "slip": slip(),
        "notice": notice(),
        "cover": cover(),
        "approved": decision(),
        "refused": decision("refused"),
        "given back": refund_decision(),
        "not given back": refund_decision("refused"),
        "manifest": manifest(),
        "handover": handover(),
        "certificate": certificate(),
        "receipt": receipt(),
        "statement": statement(),
        "cover certificate": cover_certificate(),
        "acknowledgement": receipt("acknowledgement", 12),
    }
