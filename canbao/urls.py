"""All addresses: one prefix per county, so that a county can later be served elsewhere."""

from __future__ import annotations

from typing import Any, Final

from django.urls import include, path

from canbao.web import (
    converters,  # noqa: F401 - makes <county:…> known
    front,
    receipts,
)

urlpatterns: Final[list[Any]] = [
    path("", front.counties, name="counties"),
    path("health", front.health, name="health"),
    path("", include("canbao.web.theme.urls")),
    path(
        "<county:county>/receipts/<uuid:receipt_id>.pdf", receipts.receipt_pdf, name="receipt_pdf"
    ),
    path("<county:county>/", include("canbao.web.portal.urls")),
    path("<county:county>/desk/", include("canbao.web.desk.urls")),
    path("<county:county>/counter/", include("canbao.web.counter.urls")),
    path("<county:county>/office/", include("canbao.web.office.urls")),
]

handler400 = "canbao.web.theme.views.bad_request"
handler403 = "canbao.web.theme.views.permission_denied"
handler404 = "canbao.web.theme.views.page_not_found"
handler500 = "canbao.web.theme.views.server_error"
