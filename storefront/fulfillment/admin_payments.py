"""Payments as staff see them, and how they give money back: a form, what it would do, the deed."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.paginator import InfinitePaginator
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from storefront.core import states
from storefront.core.admin import Helped, ReadOnly, ReadOnlyPart
from storefront.core.money import money, shown
from storefront.fulfillment.actions import refunding
from storefront.orders.models import Delivery, Order
from storefront.payments import actions as payments
from storefront.payments.currencies import DIGITS
from storefront.payments.models import Payment, PaymentEvent, Refund
from storefront.payments.providers import ProviderRefusal, ProviderTrouble


class RefundForm(forms.Form):
    """How much, and why. `token` makes one refund of however many clicks; `seen` is what was left
    when staff looked."""

    amount = forms.DecimalField(
        min_value=Decimal(0), max_digits=12, widget=UnfoldAdminDecimalFieldWidget
    )
    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))
    token = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.DecimalField(required=False, widget=forms.HiddenInput)

    def __init__(self, payment: Payment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment = payment

    def clean_amount(self) -> Decimal:
        """More than nothing, no more than is left, in whole minor units."""
        amount: Decimal = self.cleaned_data["amount"]
        digits = DIGITS[self.payment.currency]
        if amount <= 0 or amount != round(amount, digits):
            raise forms.ValidationError(f"Give an amount above 0 with {digits} decimals at most.")
        if amount > self.payment.left:
            raise forms.ValidationError(f"Only {self.payment.left} are left to give back.")
        return amount


class RefundInline(ReadOnlyPart, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """What went back."""

    model = Refund
    fields = ("created_at", "by", "amount", "status", "reason", "done_at")
    ordering = ("created_at",)


class MoveInline(ReadOnlyPart, TabularInline):  # type: ignore[misc]  # unfold is untyped
    """Each move."""

    model = PaymentEvent
    fields = ("at", "by", "from_status", "to_status")


@admin.register(Payment)
class PaymentAdmin(Helped, ReadOnly, ModelAdmin):  # type: ignore[misc]  # unfold is untyped
    """Payments, newest first."""

    help = (
        (
            "Each attempt to pay. Money is held first, taken when codes came, and given back on"
            " the payment's own page, with a reason."
        ),
        (
            "What was paid wrongly stands in review: compare with the provider, then give it "
            "back from here."
        ),
    )

    list_display = (
        "order",
        "provider",
        "status",
        "asked",
        "taken",
        "returned",
        "created_at",
    )
    list_filter = ("status",)
    search_fields = ("order__number", "provider_reference")
    list_select_related = ("order",)
    ordering = ("-created_at",)
    inlines = (RefundInline, MoveInline)
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
    actions = ("return_wrong",)
    actions_detail = ("refund",)

    @admin.display(description="Amount", ordering="amount")
    def asked(self, payment: Payment) -> str:
        """What the customer was asked for."""
        return _in_words(payment.amount, payment)

    @admin.display(description="Taken", ordering="captured_amount")
    def taken(self, payment: Payment) -> str:
        """What was taken of it."""
        return _in_words(payment.captured_amount, payment)

    @admin.display(description="Given back", ordering="refunded_amount")
    def returned(self, payment: Payment) -> str:
        """What went back of that, or is on its way."""
        return _in_words(payment.refunded_amount, payment)

    def has_refund_permission(self, request: HttpRequest, _object_id: str = "") -> bool:
        """Reading payments is not moving money."""
        return bool(request.user.has_perm("payments.refund_payment"))

    @admin.action(description="Give back what was paid wrongly (in review)", permissions=["refund"])
    def return_wrong(self, request: HttpRequest, chosen: QuerySet[Payment]) -> None:
        """Another amount or currency than was asked for: all of it goes back by itself."""
        for payment in chosen.select_related("order"):
            try:
                payments.set_aside(
                    payment=payment,
                    reference=payment.provider_reference,
                    reason="staff looked at it",
                    by=str(request.user),
                    now=now(),
                )
            except (states.NotAllowed, states.LostRace):
                messages.warning(request, f"{payment} is not in review: nothing was done.")
            else:
                messages.success(request, f"{payment} goes back within a minute.")

    @action(description="Refund", url_path="refund", permissions=["refund"])  # type: ignore[untyped-decorator]  # as above
    def refund(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form; what it would do; the deed. What changed since it was shown is shown again."""
        payment = get_object_or_404(Payment.objects.select_related("order"), pk=object_id)
        if not self.has_refund_permission(request):
            raise PermissionDenied
        left = round(payment.left, DIGITS[payment.currency])
        initial = {"amount": left, "token": uuid4()}
        form = RefundForm(payment, request.POST or None, initial=initial)
        is_right = request.method == "POST" and form.is_valid()
        if is_right and form.cleaned_data["seen"] == payment.left:
            _refund(request, payment, form)
            return redirect(reverse("admin:payments_payment_change", args=[payment.pk]))
        context = self.admin_site.each_context(request) | {
            "title": f"Refund of {payment.order.number}",
            "opts": self.opts,
            "payment": payment,
            "form": form,
            "is_settled": payment.order.is_settled,
            "left": _in_words(payment.left, payment),
            "preview": _preview(payment, form.cleaned_data["amount"]) if is_right else None,
            "has_moved": is_right and form.cleaned_data["seen"] is not None,
        }
        return render(request, "fulfillment/admin/refund.html", context)


def _in_words(amount: Decimal, payment: Payment) -> str:
    return shown(money(amount, payment.currency), "en")


def _refund(request: HttpRequest, payment: Payment, form: RefundForm) -> None:
    told = form.cleaned_data
    amount = _in_words(told["amount"], payment)
    try:
        refunding.refund(
            payment_id=payment.pk,
            amount=told["amount"],
            token=told["token"],
            reason=told["reason"],
            by=str(request.user),
            now=now(),
        )
    except refunding.NotSettled:
        messages.error(request, "The order is under way again: nothing was given back.")
    except payments.TooMuch as error:
        messages.error(request, f"Somebody was faster: {error} left. Nothing more was given back.")
    except ProviderTrouble:
        messages.warning(
            request,
            f"{amount} are on their way: the provider has not answered, and is asked again.",
        )
    except ProviderRefusal as refusal:
        messages.error(request, f"The provider refused, nothing was given back: {refusal}")
    else:
        messages.success(request, f"{amount} were given back.")


def _preview(payment: Payment, amount: Decimal) -> list[str]:
    """What it would do, in sentences."""
    order: Order = payment.order
    is_whole = amount == payment.left
    units = Delivery.objects.filter(line__order=order)
    unseen = units.filter(reveals=None).count()
    goes, left = _in_words(amount, payment), _in_words(payment.left - amount, payment)
    seen = units.count() - unseen
    sentences = [
        f"{goes} go back to where {order.email} paid from, and {left} stay with the shop.",
        "This can't be undone.",
        f"{seen} of {units.count()} codes were seen, and may have been used.",
    ]
    if is_whole and unseen:
        sentences.append(f"Codes not seen ({unseen}) are locked for good, and are the shop's.")
    elif unseen:
        sentences.append(
            f"Codes not seen ({unseen}) stay the customer's: only a whole refund locks them."
        )
    status = "Refunded" if is_whole else "Partly refunded"
    sentences.append(f"The order becomes “{status}”, and the customer is told by mail.")
    sentences.append("What the partner took for the goods does not come back by this.")
    return sentences
