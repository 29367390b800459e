"""Addresses of the desks, below /<county>/desk/."""

from __future__ import annotations

from typing import Final

from django.urls import path

from canbao.web.desk import (
    acts,
    appeals,
    apply,
    behalf,
    bundles,
    case,
    checking,
    lists,
    login,
    papers,
    payouts,
    phones,
    refunds,
    reporting,
    season,
    season_run,
    second,
)

urlpatterns: Final = [
    path("login", login.login, name="login"),
    path("logout", login.leave, name="logout"),
    path("posting", login.posting, name="posting"),
    path("", lists.worklist, name="worklist"),
    path("archive", lists.archive_list, name="archive"),
    path("job/<uuid:job_id>", lists.job, name="desk_job"),
    path("result/<str:key>", acts.result, name="desk_result"),
    path("case/<uuid:case_id>", case.case, name="case"),
    path("case/<uuid:case_id>/done", case.after, name="desk_after"),
    path("case/<uuid:case_id>/second", second.second, name="second"),
    path("case/<uuid:case_id>/amend", apply.amend, name="desk_amend"),
    path("case/<uuid:case_id>/scan", apply.scan, name="desk_scan"),
    path("case/<uuid:case_id>/behalf", behalf.inspect, name="behalf_case"),
    path("case/<uuid:case_id>/paper/<uuid:paper_id>", papers.image, name="desk_paper"),
    path("case/<uuid:case_id>/paper/<uuid:paper_id>/small", papers.preview, name="desk_preview"),
    path("case/<uuid:case_id>/print/<slug:form>/", papers.print_form, name="print_form"),
    path("case/<uuid:case_id>/account", refunds.account, name="refund_account"),
    path("refund", refunds.find, name="refund_find"),
    path("refund/<uuid:person_id>", refunds.person, name="refund_ask"),
    path("refunds", payouts.listed, name="refunds"),
    path("appeals", appeals.appeals, name="desk_appeals"),
    path("apply", apply.apply, name="desk_apply"),
    path("apply/<str:key>", apply.applied, name="desk_applied"),
    path("report", reporting.report, name="report"),
    path("bundles", bundles.bundles, name="bundles"),
    path("bundles/<uuid:bundle_id>", bundles.show, name="bundle"),
    path("bundles/<uuid:bundle_id>/check", checking.check, name="bundle_check"),
    path("bundles/<uuid:bundle_id>/close", checking.close, name="bundle_close"),
    path("close", checking.close, name="desk_close"),
    path("bundles/<uuid:bundle_id>/print", papers.print_bundle, name="bundle_print"),
    path("phones", phones.find, name="desk_phones"),
    path("phones/<uuid:person_id>", phones.person, name="desk_phone"),
    path("season", season.board, name="season"),
    path("season/visits", season.visit_list, name="season_visits"),
    path("season/visits/print", season.visit_print, name="season_visits_print"),
    path("season/lost", season.lost, name="season_lost"),
    path("season/run", season_run.run, name="season_run"),
    path("behalf", behalf.overview, name="behalf"),
    path("behalf/<str:village>/report", behalf.report, name="behalf_report"),
]
