"""What the field templates need to know of a form's field, read once from Django's bound field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext

from canbao.web.theme.forms import DatePartsWidget, Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.forms.boundfield import BoundField

# In this order: a subclass stands before its parent.
_KINDS: Final = (
    (DatePartsWidget, "date"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.NumberInput, "number"),
)
_ATTRIBUTES: Final = ("autocomplete", "inputmode", "maxlength", "accept", "multiple", "rows")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of radios, checkboxes or a select."""

    id: str
    value: str
    label: Option
    checked: bool
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field ready to be drawn; `kind` names its template below components/fields."""

    id: str
    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    errors: tuple[str, ...] = ()
    value: str = ""
    values: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    heading: bool = False
    width: int = 0
    unit: str = ""

    @property
    def template(self) -> str:
        """Name the template that draws this kind."""
        return f"components/fields/{self.kind}.html"

    @property
    def group(self) -> bool:
        """Tell whether the field is several controls under one legend."""
        return self.kind in {"radios", "cards", "checkboxes", "date", "checkbox"}

    @property
    def described_by(self) -> str:
        """List the ids of hint and error, for aria-describedby."""
        named = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*named, f"{self.id}-error"] if self.errors else named)

    @property
    def parts(self) -> tuple[tuple[str, str, str, int], ...]:
        """Give name, label, value and width of the three boxes of a date."""
        values = (*self.values, "", "", "")[:3]
        labels = (gettext("Year"), gettext("Month"), gettext("Day"))
        names = ("year", "month", "day")
        return tuple(zip(names, labels, values, (4, 2, 2), strict=True))

    @property
    def first_id(self) -> str:
        """Give the id that an error summary links to: the first control, not the group."""
        if self.kind == "date":
            return f"{self.id}_year"
        return self.choices[0].id if self.group and self.choices else self.id


def read(bound: BoundField, **overrides: object) -> Field:
    """Read a bound field; overrides (`kind`, `label`, `hint`, `heading`, `width`, `unit`) win."""
    widget = bound.field.widget
    kind = str(overrides.pop("kind", "") or _kind_of(widget))
    value = bound.value()
    many = tuple(_text(one) for one in value) if isinstance(value, list | tuple) else ()
    if kind == "date" and not many:
        many = tuple(widget.decompress(value))
    element_id = bound.auto_id or f"id_{bound.html_name}"
    shown: dict[str, object] = {
        "id": element_id,
        "name": bound.html_name,
        "label": str(bound.label or ""),
        "kind": kind,
        "hint": str(bound.help_text or ""),
        "errors": tuple(str(error) for error in bound.errors),
        "value": "" if many or kind in {"password", "file"} else _text(value),
        "values": many,
        "choices": _choices(bound, element_id, many or (_text(value),), kind),
        "attributes": _attributes(widget, kind),
        "required": bound.field.required,
    }
    shown.update({name: given for name, given in overrides.items() if given})
    return Field(**shown)  # type: ignore[arg-type]


def _kind_of(widget: forms.Widget) -> str:
    if widget.attrs.get("data-kind") == "money":
        return "money"
    return next((kind for cls, kind in _KINDS if isinstance(widget, cls)), "text")


def _text(value: object) -> str:
    return "" if value is None or value is False else str(value)


def _choices(
    bound: BoundField, element_id: str, chosen: tuple[str, ...], kind: str
) -> tuple[Choice, ...]:
    offered = getattr(bound.field, "choices", ())
    drawn = []
    for place, (value, label) in enumerate(offered):
        text = label if isinstance(label, Option) else Option(str(label))
        if not str(value) and kind in {"radios", "cards"}:
            continue
        drawn.append(
            Choice(
                f"{element_id}_{place}",
                str(value),
                text,
                checked=str(value) in chosen,
                disabled=text.disabled,
            )
        )
    return tuple(drawn)


def _attributes(widget: forms.Widget, kind: str) -> dict[str, str]:
    attributes = {
        name: str(widget.attrs[name]) for name in _ATTRIBUTES if widget.attrs.get(name) is not None
    }
    if kind == "number":
        attributes.setdefault("inputmode", "numeric")
    if kind == "money":
        attributes.setdefault("inputmode", "decimal")
    if kind in {"text", "number", "money"}:
        attributes.setdefault("autocomplete", "off")
    return attributes
