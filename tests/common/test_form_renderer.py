"""Fields set in Python read as the templates of crispy-forms and Django would have them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.utils.html import escape, format_html

from common.form_renderer import QuickForms, laid_out

CHOICES = [("", "–"), ("a", 'Tea & "milk"'), ("Hot", [("b", "Coffee"), ("c", "<Cocoa>")])]


class Everything(forms.Form):
    """A field of each kind."""

    name = forms.CharField(max_length=20, help_text="Yours, <as written>")
    mail = forms.EmailField(required=False, help_text=format_html("<strong>{}</strong>", "Kept"))
    words = forms.CharField(widget=forms.Textarea(attrs={"class": "tg-wide", "rows": 3}))
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), label="")
    many = forms.IntegerField(min_value=1)
    drink = forms.ChoiceField(choices=CHOICES)
    drinks = forms.MultipleChoiceField(choices=CHOICES, widget=forms.SelectMultiple(attrs={"disabled": True}))
    agreed = forms.BooleanField(label="I agree & sign")
    one = forms.ChoiceField(choices=CHOICES[:2], widget=forms.RadioSelect)
    some = forms.MultipleChoiceField(choices=CHOICES[:2], widget=forms.CheckboxSelectMultiple)
    grouped = forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, help_text="As <many> as you like", initial=["c"]
    )
    bare = forms.ChoiceField(choices=CHOICES[:2], widget=forms.RadioSelect, label="", required=False)
    file = forms.FileField(required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


TYPED = {"name": 'A "quoted" <name> that is too long', "words": "\nTwo\nlines & more", "drink": "b",
         "drinks": ["a", "c"], "agreed": "on", "many": "0", "grouped": ["b", "none"], "seen": "<x>"}  # fmt: skip
FORMS = {"empty": None, "typed": TYPED, "wrong": {}}


@pytest.mark.parametrize("field", list(Everything.base_fields))
@pytest.mark.parametrize("form", list(FORMS))
def test_a_field_reads_as_crispy_forms_lays_it_out(form: str, field: str) -> None:
    laid = laid_out(Everything(FORMS[form])[field])
    template = {"form_show_errors": True, "form_show_labels": True, "field": Everything(FORMS[form])[field]}
    expected = render_to_string("bootstrap5/field.html", template)
    for told in ("Yours, <as written>", "As <many> as you like"):  # crispy-forms takes every help for HTML
        expected = expected.replace(told, escape(told))
    assert parse_html(laid) == parse_html(expected)


@pytest.mark.parametrize("field", list(Everything.base_fields))
@pytest.mark.parametrize("form", list(FORMS))
def test_a_widget_reads_as_django_s_template_sets_it(form: str, field: str) -> None:
    bound = Everything(FORMS[form])[field]
    quick = bound.field.widget.render(
        bound.html_name, bound.value(), bound.build_widget_attrs({}), QuickForms()
    )
    slow = bound.field.widget.render(
        bound.html_name, bound.value(), bound.build_widget_attrs({}), DjangoTemplates()
    )
    assert parse_html(quick) == parse_html(slow)
    assert ("\nTwo\nlines" in quick) == ("\nTwo\nlines" in slow)
