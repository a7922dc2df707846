"""What a product asks of its buyer, before staff: the partner's word and their own."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from unfold.widgets import UnfoldAdminTextareaWidget

from storefront.catalog import actions
from storefront.catalog.models import Product
from storefront.catalog.queries import NotBuyable, fields_of
from storefront.catalog.recipients import LONGEST_TEXT, RecipientField, UnusableFields, written

HEADERS = ("Code", "Label", "Asked as", "Required", "What it must be")


class FieldsForm(forms.Form):
    """The fields as JSON."""

    text = forms.CharField(
        label="Fields, as JSON",
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 16, "spellcheck": "false"}),
        error_messages={"required": "Write [] to ask for nothing."},
    )

    def clean_text(self) -> str:
        """As it was written, once it can be read."""
        text = str(self.cleaned_data["text"])
        try:
            written(text)
        except UnusableFields as problem:
            raise forms.ValidationError(str(problem)) from None
        return text


def fields_page(site: AdminSite, request: HttpRequest, product: Product) -> HttpResponse:
    """Show what is asked, and take staff's word on it."""
    form = FieldsForm(request.POST if "text" in request.POST else None, initial=_initial(product))
    if request.method == "POST" and ("partners" in request.POST or form.is_valid()):
        is_partners = "partners" in request.POST
        text = None if is_partners else form.cleaned_data["text"]
        _save(request, product.pk, text)
        return HttpResponseRedirect(reverse("admin:catalog_product_change", args=[product.pk]))
    context = site.each_context(request) | {
        "title": f"What buyers of {product.name_en} are asked",
        "product": product,
        "form": form,
        "partners": json.dumps(product.fields, ensure_ascii=False, indent=2, default=str),
        "table": {"headers": HEADERS, "rows": _rows(product)},
        "opts": Product._meta,  # noqa: SLF001  as Django's admin does
    }
    status = 400 if form.errors else 200
    return render(request, "catalog/admin/fields.html", context, status=status)


def _save(request: HttpRequest, key: UUID, text: str | None) -> None:
    actions.set_fields(product=key, text=text, by=str(request.user), now=now())
    words = "the partner's word" if text is None else "what you wrote"
    messages.success(request, f"Buyers are asked by {words} from now on.")


def _initial(product: Product) -> dict[str, Any]:
    told = product.fields if product.own_fields is None else product.own_fields
    lists = told if isinstance(told, dict) else {}
    usable = {key: value for key, value in lists.items() if isinstance(value, list)}
    text = json.dumps(usable or [], ensure_ascii=False, indent=2, default=str)
    return {"text": text}


def _rows(product: Product) -> list[list[str]]:
    try:
        fields = fields_of(product, language="en")
    except NotBuyable:
        return []
    return [
        [f.code, f.label, f.kind.value, "yes" if f.required else "no", _must(f)] for f in fields
    ]


def _must(field: RecipientField) -> str:
    parts = [
        ("matches ", field.pattern),
        ("one of ", ", ".join(label for _, label in field.options)),
        ("at least that many characters: ", field.shortest),
        ("at most that many characters: ", field.longest),
        ("not below ", field.least),
        ("not above ", field.most),
    ]
    return "; ".join(f"{words}{value}" for words, value in parts if value not in (None, ""))
