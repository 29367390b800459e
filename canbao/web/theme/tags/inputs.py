"""Pieces to type, choose, photograph and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from canbao.web.theme import fields
from canbao.web.theme.forms import Option
from canbao.web.theme.tags.library import register, rendered

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField
    from django.template import Context
    from django_stubs_ext import StrOrPromise


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """Draw a form's field with label, hint and error.

    Options: `kind` (text, number, money, date, radios, cards, checkboxes, checkbox, select,
    textarea, file, password; taken from the widget when left out), `label`, `hint`, `unit`,
    `width` in characters, `heading=True` when the label is the question of the page.
    """
    return {"field": fields.read(bound, **options)}


@register.inclusion_tag("components/plain_field.html")
def plain_field(name: str, label: StrOrPromise, **options: Any) -> dict[str, Any]:
    """Draw a field without a form, for filters and single numbers; options as `field`, `value`.

    `choices` is a list of (value, label) for a select or for radios.
    """
    element_id = str(options.pop("id", f"id_{name}"))
    value = str(options.pop("value", "") or "")
    given = options.pop("choices", ())
    choices = tuple(
        fields.Choice(
            f"{element_id}_{place}",
            str(key),
            text if isinstance(text, Option) else Option(str(text)),
            checked=str(key) == value,
        )
        for place, (key, text) in enumerate(given)
    )
    error = options.pop("error", "")
    shown = fields.Field(
        id=element_id,
        name=name,
        label=str(label),
        value=value,
        choices=choices,
        errors=(str(error),) if error else (),
        **options,
    )
    return {"field": shown}


@register.inclusion_tag("components/photo_card.html", takes_context=True)
def photo_card(context: Context, title: StrOrPromise, state: str, **options: Any) -> dict[str, Any]:
    """Ask for one photo and show what became of it: missing, good, unreadable or waiting.

    Options: `name` of the file field, `action` (where it is posted), `image`, `alt`,
    `verdict` (in words), `hint`, `id`.
    """
    verdicts = {
        "missing": gettext("Not taken yet"),
        "good": gettext("Readable"),
        "unreadable": gettext("Cannot be read"),
        "waiting": gettext("Being looked at"),
    }
    return {
        "title": title,
        "state": state,
        "verdict": verdicts[state],
        "act": (
            gettext("Photograph: %(title)s")
            if state == "missing"
            else gettext("Photograph again: %(title)s")
        )
        % {"title": title},
        "name": "photo",
        "csrf_token": context.get("csrf_token"),
        **options,
    }


@register.inclusion_tag("components/signature_pad.html")
def signature_pad(name: str = "signature", person: StrOrPromise = "") -> dict[str, Any]:
    """Give a place to draw one's name; the strokes come back as a PNG data URL in field `name`.

    Drawing needs a script, so a page with this piece always offers paper and fingerprint too.
    """
    return {"name": name, "person": person}


@register.simple_block_tag(end_name="endcheckitem")
def checkitem(content: str, number: int, title: StrOrPromise, **options: Any) -> SafeString:
    """Draw one item of an inspection with its answer 对 / 不对, and inside it what was compared.

    Options: `name` of the radios, `answer` (yes, no or empty), `finding` with `tone` (right,
    error, warning), `hint`, `current`, `settled` (words instead of an answer), `error`.
    """
    return rendered("check_item", content=content, number=number, title=title, **options)
