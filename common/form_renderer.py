"""Fields and widgets of forms, set in Python: the templates that say the same take some ten times as long."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox")
# What crispy-forms lays out in ways of its own.
LAID_OUT = (forms.FileInput, forms.MultiWidget)
BOXES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


class QuickForms(DjangoTemplates):
    """Django's renderer, but for inputs, lists to choose from and places for text."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        quick = WIDGETS.get(template_name)
        return quick(context["widget"]) if quick else super().render(template_name, context, request)


def _escaped(value: Any) -> str:
    """As a template escapes it; for plain text at a third of the cost."""
    return escape(value) if type(value) is str else conditional_escape(value)


def _attributes(attrs: Mapping[str, Any]) -> str:
    if not attrs:
        return ""
    return "".join(
        f" {_escaped(name)}" if value is True else f' {_escaped(name)}="{_escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


# The same zones and countries are offered again and again.
_known = lru_cache(maxsize=4096)(escape)


def _choice(value: Any) -> str:
    return _known(value) if type(value) is str else conditional_escape(value)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    kind, name = _escaped(widget["type"]), _escaped(widget["name"])
    return mark_safe(f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>')  # noqa: S308  escaped


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    start = f'<textarea name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>'
    return mark_safe(f"{start}\n{_escaped(widget['value'] or '')}</textarea>")  # noqa: S308  escaped


def _select(widget: Mapping[str, Any]) -> SafeString:
    parts = [f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _ in widget["optgroups"]:
        if group:
            parts.append(f'  <optgroup label="{_escaped(group)}">')
        parts += [
            f'  <option value="{_choice(option["value"])}"{_attributes(option["attrs"])}>'
            f"{_choice(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("  </optgroup>")
    return mark_safe("\n".join([*parts, "</select>"]))  # noqa: S308  escaped


WIDGETS = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}


def laid_out(bound: BoundField) -> str:
    """A field with its label, its help and what is wrong with it, as crispy-forms lays it out for Bootstrap."""
    widget = bound.field.widget
    if bound.is_hidden:
        return str(bound)
    if isinstance(widget, BOXES) and bound.label:
        return _boxes(bound)
    if isinstance(widget, LAID_OUT) or bound.use_fieldset:
        return render_to_string(
            "bootstrap5/field.html", {"field": bound, "form_show_errors": True, "form_show_labels": True}
        )
    box = isinstance(widget, forms.CheckboxInput)
    look = (
        "form-check-input" if box else "form-select" if isinstance(widget, forms.Select) else "form-control"
    )
    _dress(widget, type(widget).__name__.lower(), look, *(["is-invalid"] if bound.errors else []))
    required = " requiredField" if bound.field.required else ""
    label = format_html(
        '<label for="{}" class="{}{}">{}{}</label>\n',
        bound.id_for_label,
        "form-check-label" if box else "form-label",
        required,
        bound.label,
        mark_safe('<span class="asteriskField">*</span>') if required else "",
    )
    own = f" {bound.css_classes()}" if bound.css_classes() else ""
    inside = format_html(
        '<div id="div_{}" class="{}{}">\n{}{}{}{}</div>\n',
        bound.auto_id,
        "form-check" if box else "mb-3",
        own,
        *((bound.as_widget(), label) if box else (label if bound.label else "", bound.as_widget())),
        _wrong(bound),
        _help(bound),
    )
    return format_html('<div class="mb-3">\n{}</div>\n', inside) if box else inside


def _boxes(bound: BoundField) -> SafeString:
    """One or some of several, each with a place to mark, under a heading; what is wrong stands at the last one."""
    widget = bound.field.widget
    own = widget.attrs.get("id") or bound.auto_id
    attrs = bound.build_widget_attrs({"id": own} if own else {})
    groups = widget.optgroups(bound.html_name, widget.format_value(bound.value()), attrs)
    invalid = " is-invalid" if bound.errors else ""
    name = _escaped(bound.html_name)
    last = groups[-1][1][-1] if groups else None
    parts = []
    for group, options, _ in groups:
        if group:
            parts.append(f"<strong>{_escaped(group)}</strong>\n")
        for option in options:
            rest = _attributes({key: value for key, value in option["attrs"].items() if key != "class"})
            parts.append(
                f'<div class="form-check">\n<input type="{option["type"]}" class="form-check-input{invalid}"'
                f' name="{name}" value="{_escaped(option["value"])}"{rest}>\n'
                f'<label for="{_escaped(option["attrs"].get("id", ""))}" class="form-check-label">'
                f"{_escaped(option['label'])}</label>{_wrong(bound) if option is last else ''}</div>\n"
            )
    described, required = bound.aria_describedby, bound.field.required
    return format_html(
        '<div id="div_{}" class="mb-3{}">\n<fieldset{}>\n<legend class="form-label{} fs-6">{}{}</legend>\n'
        "<div>\n{}</div>\n{}</fieldset>\n</div>\n",
        bound.auto_id,
        f" {bound.css_classes()}" if bound.css_classes() else "",
        format_html(' aria-describedby="{}"', described) if described else "",
        " requiredField" if required else "",
        bound.label,
        mark_safe('<span class="asteriskField">*</span>') if required else "",
        mark_safe("".join(parts)),  # noqa: S308  each was escaped
        _help(bound),
    )


def _dress(widget: forms.Widget, *names: str) -> None:
    worn = widget.attrs.get("class", "").split()
    widget.attrs["class"] = " ".join([*worn, *(name for name in names if name not in worn)])


def _wrong(bound: BoundField) -> SafeString:
    if not bound.errors:
        return mark_safe("\n")
    lines = [
        format_html('<p id="error_{}_{}"><strong>{}</strong></p>\n', number, bound.auto_id, error)
        for number, error in enumerate(bound.errors, 1)
    ]
    told = mark_safe("".join(lines))  # noqa: S308  each was escaped
    return format_html('\n<div id="{}_error" class="invalid-feedback">\n{}</div>\n', bound.auto_id, told)


def _help(bound: BoundField) -> SafeString:
    if not bound.help_text:
        return mark_safe("")
    return format_html('<div id="{}_helptext" class="form-text">{}</div>\n', bound.auto_id, bound.help_text)
