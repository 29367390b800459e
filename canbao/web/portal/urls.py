"""Addresses of the portal, below the county's code."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.urls import path

from canbao.web.portal import (
    appealing,
    checking,
    correcting,
    doors,
    following,
    household,
    levels,
    other_account,
    owe,
    papers,
    phone,
    photos,
    receipts,
    record,
    refund_choice,
    refund_papers,
    refund_sending,
    sending,
    signing,
    steps,
    verify,
    withdrawing,
)

_PERSON: Final = "apply/<uuid:draft>/<uuid:person>"

urlpatterns: Final[list[Any]] = [
    path("", doors.home, name="home"),
    path("phone", phone.phone, name="phone"),
    path("code", phone.code, name="code"),
    path("privacy", phone.privacy, name="privacy"),
    path("leave", phone.leave, name="leave"),
    path("q/<str:token>", verify.verify, name="verify"),
    path("form/<str:insurance>.pdf", papers.blank_form, name="blank_form"),
    path("apply", steps.start, name="start"),
    path("apply/<uuid:draft>", household.people, name="people"),
    path("apply/<uuid:draft>/photos", photos.next_photos, name="next_photos"),
    path("apply/<uuid:draft>/check", checking.check, name="check"),
    path("apply/<uuid:draft>/signatures", signing.next_signature, name="next_signature"),
    path("apply/<uuid:draft>/send", sending.send, name="send"),
    path("apply/<uuid:draft>/done", sending.done, name="done"),
    path(f"{_PERSON}/who", steps.who, name="who"),
    path(f"{_PERSON}/home", steps.home_of, name="home_of"),
    path(f"{_PERSON}/more", steps.more, name="more"),
    path(f"{_PERSON}/level", levels.level, name="level"),
    path(f"{_PERSON}/family", steps.family, name="family"),
    path(f"{_PERSON}/photos", photos.photos, name="photos"),
    path(f"{_PERSON}/photos/<uuid:blob>", photos.draft_photo, name="draft_photo"),
    path(f"{_PERSON}/sign", signing.sign, name="sign"),
    path("owe", owe.owe, name="owe"),
    path("owe/why", owe.why, name="why"),
    path("owe/add", owe.add, name="owe_add"),
    path("record", record.record, name="record"),
    path("record/account", record.account, name="account"),
    path("record/statement.pdf", record.statement_pdf, name="statement_pdf"),
    path("record/certificate/<uuid:cover>.pdf", record.certificate_pdf, name="certificate_pdf"),
    path("certificate/<str:token>", record.certificate, name="certificate"),
    path("receipts/<uuid:receipt_id>", receipts.receipt, name="receipt"),
    path("receipt/<str:token>", receipts.receipt_in_hand, name="receipt_in_hand"),
    path("money-back", refund_choice.choose, name="money_back"),
    path("money-back/begin/<uuid:source>", refund_choice.begin, name="refund_begin"),
    path("money-back/done/<uuid:case>", refund_sending.done, name="refund_done"),
    path("money-back/<uuid:draft>/drop", refund_choice.drop, name="refund_drop"),
    path("money-back/<uuid:draft>/why", refund_choice.why, name="refund_why"),
    path("money-back/<uuid:draft>/account", refund_choice.account, name="refund_account_of"),
    path("money-back/<uuid:draft>/papers", refund_papers.papers, name="refund_papers"),
    path("money-back/<uuid:draft>/papers/<uuid:blob>", refund_papers.photo, name="refund_photo"),
    path("money-back/<uuid:draft>/sign", refund_sending.sign, name="refund_sign"),
    path("money-back/<uuid:draft>/send", refund_sending.send, name="refund_send"),
    path("cases/", following.cases_list, name="cases"),
    path("cases/<uuid:case>", following.follow, name="follow"),
    path("cases/<uuid:case>/papers", papers.my_papers, name="my_papers"),
    path("cases/<uuid:case>/papers/<uuid:paper>", papers.my_paper, name="my_paper"),
    path("cases/<uuid:case>/print/<str:what>", papers.my_print, name="my_print"),
    path("cases/<uuid:case>/account", other_account.other_account, name="other_account"),
    path("cases/<uuid:case>/withdraw", withdrawing.withdraw, name="withdraw"),
    path("cases/<uuid:case>/correct", correcting.correct, name="correct"),
    path("cases/<uuid:case>/appeal", appealing.appeal, name="appeal"),
]
if settings.CANBAO_DEMO:
    urlpatterns.append(path("outbox", phone.outbox, name="outbox"))
