"""Addresses of the theme: text size, language, and the gallery where it is served."""

from __future__ import annotations

from typing import Final

from django.urls import path

from canbao.web.theme import gallery, views

app_name: Final = "theme"
urlpatterns: Final = [
    path("language", views.set_language, name="language"),
    path("text", views.set_elder, name="elder"),
    path("gallery/<slug:page>", gallery.show, name="gallery"),
]
