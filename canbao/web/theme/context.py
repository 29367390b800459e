"""What base and layouts need on every page, read from the request and without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, gettext

from canbao.web.theme.format import sentence_gap
from canbao.web.theme.pieces import Helper

if TYPE_CHECKING:
    from django.http import HttpRequest

ELDER_COOKIE: Final = "canbao_elder"
_NAMES: Final = {"zh-hans": ("zh-Hans", "中文"), "en": ("en", "English")}


def shown(request: HttpRequest) -> dict[str, object]:
    """Give language, text size, this page's address and the names of the service."""
    here = "en" if (get_language() or "").startswith("en") else "zh-hans"
    other = "zh-hans" if here == "en" else "en"
    tag, name = _NAMES[other]
    return {
        "page_language": _NAMES[here][0],
        "other_language": other,
        "other_language_tag": tag,
        "other_language_name": name,
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "here": request.get_full_path(),
        "sentence_gap": sentence_gap(),
        "service_name": service_name(""),
        "helper_sentence": helper_sentence(None),
        "helper_person": None,
    }


def service_name(county: str) -> str:
    """Name the service: 明水县居民参保; without a county 居民参保."""
    if county:
        return gettext("%(county)s Canbao") % {"county": county}
    return gettext("Residents' insurance")


def helper_sentence(person: Helper | None) -> str:
    """Say whom those who cannot use a phone should see."""
    if person:
        return gettext(
            "See %(name)s, your village coordinator. Bring your ID card and household booklet."
        ) % {"name": person.name}
    return gettext(
        "Go to your village committee. Bring your ID card and household booklet; they help you."
    )


def helper(person: Helper) -> dict[str, object]:
    """Give the two values by which a page names its human to call: merge into its context."""
    return {"helper_person": person, "helper_sentence": helper_sentence(person)}
