"""What the checkout shows: the form, what was typed read back, and a hint about the address."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from storefront.cart.queries import Cart, CartLine
from storefront.checkout.addresses import suggestion
from storefront.checkout.forms import CheckoutForm, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One line that is for somebody, and the fields that ask for whom."""

    line: CartLine
    fields: list[BoundField]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readback:
    """One line as it is read back: its answers are (label, text) pairs."""

    line: CartLine
    answers: list[tuple[str, str]]


def form_page(
    request: HttpRequest, cart: Cart, form: CheckoutForm, *, status: int = 200
) -> HttpResponse:
    """The form itself."""
    context = {
        "cart": cart,
        "form": form,
        "recipients": list(_recipients(form)),
        "suggestion": form.suggestion,
    }
    return render(request, "checkout/checkout.html", context, status=status)


def review_page(request: HttpRequest, cart: Cart, form: CheckoutForm) -> HttpResponse:
    """What was typed, read back beside what it buys; all of it goes along unseen."""
    answers: dict[object, list[tuple[str, str]]] = {}
    for question, value in form.answers:
        told = (question.field.label, question.shown(value))
        answers.setdefault(question.line.id, []).append(told)
    context = {
        "cart": cart,
        "lines": [Readback(line=line, answers=answers.get(line.id, [])) for line in cart.lines],
        "email": form.cleaned_data["email"],
        "suggestion": form.suggestion,
        "kept": form.kept(),
    }
    return render(request, "checkout/review.html", context)


def asks_for_hint(request: HttpRequest) -> bool:
    """Whether htmx sends the address alone, as it is typed."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    return bool(htmx) and htmx.trigger_name == "email"


def hint(request: HttpRequest) -> HttpResponse:
    """What was probably meant. Whoever saw it need not have it read back once more."""
    email = request.POST.get("email", "").strip().lower()[:254]
    meant = suggestion(email)
    context = {"suggestion": meant, "seen": digest([email]) if meant else ""}
    return render(request, "checkout/checkout.html#email_hint", context)


def _recipients(form: CheckoutForm) -> Iterator[Recipient]:
    by_line: dict[object, tuple[CartLine, list[BoundField]]] = {}
    for question in form.questions:
        _line, fields = by_line.setdefault(question.line.id, (question.line, []))
        if question.is_phone:
            fields.append(form[question.country_name])
        fields.append(form[question.name])
    for line, fields in by_line.values():
        yield Recipient(line=line, fields=fields)
