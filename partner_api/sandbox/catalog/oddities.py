"""Awkward goods, on purpose: what real catalogs contain and shops stumble over.

Each oddity changes one demo product: sold out wholly or in part, an absurdly long name, HTML
pasted from a word processor, entities, and images on hosts nobody should fetch from.
"""

from collections.abc import Callable
from dataclasses import replace

from .model import Product, Text
from .parts import stable_id

_LONG = Text(
    "Best Buy gift card | United States | electronics, household appliances, computers, "
    "televisions, cameras, musical instruments and video games | accepted in all stores of "
    "the mainland, Alaska, Hawaii and Puerto Rico and on the website, in the app and by "
    "telephone | can be combined with up to nine other cards in one order | delivery by code "
    "within a minute | issued in US dollars, without fees and without an expiry date",
    "Подарочная карта Best Buy | США | электроника, бытовая техника, компьютеры, телевизоры, "
    "камеры, музыкальные инструменты и видеоигры | действует во всех магазинах материковой "
    "части, Аляски, Гавайев и Пуэрто-Рико, а также на сайте, в приложении и по телефону | в "
    "одном заказе можно использовать вместе с девятью другими картами | код приходит в "
    "течение минуты | номинал в долларах США, без комиссий и без срока действия",
)
_ENTITIES = Text(
    "<p>Clothes, food &amp; wine, things for the home &mdash; from &pound;10 to &pound;100.</p>"
    "<p>Lunch for &lt;&nbsp;&pound;5 counts too &#8212; as do caf&eacute;s &amp; bakeries.</p>"
    "<ol><li>Online: open &ldquo;Payment&rdquo; &rarr; &ldquo;Gift card&rdquo;.</li>"
    "<li>In the shop: show the code at the till.</li></ol>",
    "<p>Одежда, еда &amp; вино, товары для дома&nbsp;&mdash; на сумму от&nbsp;&pound;10 "
    "до&nbsp;&pound;100.</p>"
    "<p>Обед дешевле &pound;5 (&lt;&nbsp;5) тоже считается, как и&nbsp;пекарни &#171;M&amp;S&#187;."
    "</p><ol><li>На сайте: &laquo;Оплата&raquo; &rarr; &laquo;Подарочная карта&raquo;.</li>"
    "<li>В магазине: покажите код на&nbsp;кассе.</li></ol>",
)
_PASTED = Text(
    '<p class="MsoNormal" style="margin:0cm;font-family:Calibri"><font color="#1f497d">Phones, '
    "laptops and household appliances.</font></p><p style='position:fixed;top:0'>Accepted in "
    'stores and online in Germany.</p><table border="1"><tr><td>Online</td><td>enter the code at '
    'checkout</td></tr><tr><td onclick="return false">In the shop</td><td>show it at the till</td>'
    "</tr></table><p><br><br>",
    '<p class="MsoNormal" style="margin:0cm;font-family:Calibri"><font color="#1f497d">Телефоны, '
    "ноутбуки и бытовая техника.</font></p><p style='position:fixed;top:0'>Действует в магазинах и "
    'на сайте в Германии.</p><table border="1"><tr><td>На сайте</td><td>введите код при оплате'
    '</td></tr><tr><td onclick="return false">В магазине</td><td>покажите код на кассе</td></tr>'
    "</table><p><br><br>",
)


def _sold_out(product: Product) -> Product:
    return replace(product, skus=tuple(replace(sku, stock=0) for sku in product.skus))


def _last_sold_out(product: Product) -> Product:
    *others, last = product.skus
    return replace(product, skus=(*others, replace(last, stock=0)))


def _pictured(address: str) -> Callable[[Product], Product]:
    return lambda product: replace(product, image=address)


_ODDITIES: dict[tuple[str, ...], Callable[[Product], Product]] = {
    ("voucher", "Nintendo eShop", "PL"): _sold_out,
    ("recharge_fixed", "Maroc Telecom", "MA"): _sold_out,
    ("voucher", "Apple", "US"): _last_sold_out,
    ("esim-local", "JP"): _last_sold_out,
    ("voucher", "Best Buy", "US"): lambda product: replace(product, name=_LONG),
    ("voucher", "Marks & Spencer", "GB"): lambda product: replace(product, description=_ENTITIES),
    ("voucher", "MediaMarkt", "DE"): lambda product: replace(product, description=_PASTED),
    ("voucher", "Sephora", "US"): _pictured("https://images.sandbox.example/cards/sephora.png"),
    ("voucher", "Walmart", "US"): _pictured("http://images.sandbox.example/cards/walmart.gif"),
}
_BY_ID = {stable_id("product", *path): change for path, change in _ODDITIES.items()}


def made_odd(product: Product) -> Product:
    """Return the product, changed if it is one of the awkward ones."""
    change = _BY_ID.get(product.id)
    return change(product) if change else product
