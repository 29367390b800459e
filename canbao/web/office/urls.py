"""Addresses of the administration, below /<county>/office/."""

from __future__ import annotations

from typing import Final

from django.urls import path

from canbao.web.office import (
    corrections,
    deaths,
    duplicates,
    flows,
    money,
    people,
    places,
    rules,
    trust,
    watch,
)

urlpatterns: Final = [
    path("", watch.house, name="office_health"),
    path("regions", places.regions, name="office_regions"),
    path("regions/<str:code>", places.region, name="office_region"),
    path("regions/<str:parent>/add", places.add_region, name="office_region_add"),
    path("offices", places.offices, name="office_offices"),
    path("offices/add", places.add_office, name="office_office_add"),
    path("offices/<uuid:office_id>", places.office, name="office_office"),
    path("officers", people.officers, name="office_officers"),
    path("officers/add", people.add_officer, name="office_officer_add"),
    path("officers/<uuid:officer_id>", people.one_officer, name="office_officer"),
    path("password", people.password, name="office_password"),
    path("seals", trust.seals, name="office_seals"),
    path("seals/<uuid:seal_id>", trust.one_seal, name="office_seal"),
    path("exceptions", trust.waivers, name="office_waivers"),
    path("exceptions/<uuid:waiver_id>", trust.waiver, name="office_waiver"),
    path("flows", flows.flows, name="office_flows"),
    path("packs", rules.packs_in_force, name="office_packs"),
    path("packs/add", rules.propose, name="office_pack_add"),
    path("packs/proposed/<uuid:pack_id>", rules.proposal, name="office_proposal"),
    path("packs/<str:sha256>", rules.pack, name="office_pack"),
    path("record", watch.log, name="office_record"),
    path("died/<uuid:case_id>", deaths.record, name="office_died"),
    path("money", money.lists, name="money_lists"),
    path("money/slip/<uuid:receipt_id>", money.slip, name="money_slip"),
    path("lists", watch.exports, name="office_exports"),
    path("lists/<uuid:export_id>.<str:kind>", watch.export_file, name="office_export"),
    path("items/<uuid:case_id>.zip", watch.archive_item, name="office_item"),
    path("duplicates", duplicates.duplicates, name="office_duplicates"),
    path("duplicates/<uuid:one>/<uuid:other>", duplicates.pair, name="office_pair"),
    path("duplicates/<uuid:merger_id>", duplicates.one_merger, name="office_merger"),
    path("corrections", corrections.corrections, name="office_corrections"),
    path("corrections/<uuid:correction_id>", corrections.one_correction, name="office_correction"),
    path("corrections/of/<uuid:case_id>", corrections.propose, name="office_correct"),
]
