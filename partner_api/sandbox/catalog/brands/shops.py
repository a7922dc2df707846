"""Shops: marketplaces, clothes, beauty, homes, groceries."""

from functools import partial

from partner_api.sandbox.catalog.model import Text

from .brand import brand, card

_shop = partial(card, shelf="shopping")
_market = partial(card, shelf="shopping", scope="online")
_clothes = Text("clothes, shoes and accessories", "одежда, обувь и аксессуары")
_sport = Text("shoes and clothes for sport", "обувь и одежда для спорта")
_beauty = Text("make-up, skincare and perfume", "косметика, уход и парфюмерия")
_everything = Text(
    "electronics, things for the home, clothes and books",
    "электроника, товары для дома, одежда и книги",
)
_food = Text("groceries and things for the home", "продукты и товары для дома")
_devices = Text("phones, laptops and household appliances", "телефоны, ноутбуки и бытовая техника")

BRANDS = (
    brand(
        "Amazon",
        "US 10 25 50 75 100 200; GB 10 25 50 100; IN 500 1000 2000 5000",
        "2.4",
        Text(
            "Millions of things with delivery. The balance stays on the account and is offered "
            "first at every checkout.",
            "Миллионы товаров с доставкой. Баланс хранится в аккаунте и предлагается первым при "
            "каждой оплате.",
        ),
        Text(
            "Open “Gift Cards” in your Amazon account and choose “Redeem a Gift Card”.",
            "Откройте в аккаунте Amazon раздел подарочных карт и выберите «Погасить карту».",
        ),
        Text(
            "Enter the code and press “Apply to your balance”.",
            "Введите код и добавьте сумму на баланс.",
        ),
        shelf="shopping",
    ),
    _shop(
        "IKEA",
        "DE 10 25 50 100 150",
        "3.0",
        Text("furniture, kitchenware and meatballs", "мебель, посуда и фрикадельки"),
        world=True,
    ),
    _market("Zalando", "DE 20 50 100 150", "6.2", _clothes, world=True),
    _shop("Sephora", "US 10 25 50 100; FR 20 50 100 150", "5.5", _beauty, world=True),
    _shop("Nike", "GB 20 50 100", "6.8", _sport, world=True),
    _shop("adidas", "DE 20 50 100", "7.1", _sport, world=True),
    _shop("H&M", "SE 100 250 500 1000", "5.0", _clothes, world=True),
    _shop(
        "LEGO",
        "DK 100 250 500",
        "3.7",
        Text("building sets for children and adults", "конструкторы для детей и взрослых"),
        world=True,
    ),
    _shop(
        "Decathlon",
        "ES 20 50 100",
        "4.1",
        Text("things for a hundred sports", "товары для сотни видов спорта"),
        world=True,
    ),
    _shop(
        "Marks & Spencer",
        "GB 10 20 50 100",
        "4.3",
        Text("clothes, food & wine, things for the home", "одежда, еда и вино, товары для дома"),
    ),
    _shop("Carrefour", "AE 50 100 200 500", "2.5", _food, world=True),
    _market("noon", "SA 50 100 250 500", "3.8", _everything),
    _market("Flipkart", "IN 250 500 1000 2500 5000", "2.9", _everything),
    _market("Mercado Libre", "MX 200 500 1000; CO 50000 100000 200000", "4.7", _everything),
    _market("Allegro", "PL 50 100 200 500", "2.1", _everything),
    _market("Trendyol", "TR 250 500 1000 2500", "5.6", _clothes),
    _market("Takealot", "ZA 100 250 500 1000", "4.9", _everything),
    _market("Jumia", "NG 5000 10000 25000 50000", "5.9", _everything),
    _market("Rakuten", "JP 1000 3000 5000 10000", "1.8", _everything),
    _shop("bol", "NL 10 25 50 100", "2.6", _everything),
    _market("eMAG", "RO 50 100 200 500", "3.4", _devices),
    _shop("MediaMarkt", "DE 25 50 100 200", "2.7", _devices),
    _shop("Rewe", "DE 15 25 50 100", "1.6", _food),
    _shop("Walmart", "US 10 25 50 100 200", "1.9", _food),
    _shop("Best Buy", "US 25 50 100 250", "2.3", _devices),
    _shop("Falabella", "CL 20000 50000 100000", "5.3", _everything),
    _shop("Migros", "TR 200 500 1000", "2.0", _food),
    _shop("Kaufland", "CZ 200 500 1000", "1.7", _food),
    _shop("Big C", "VN 100000 200000 500000", "3.2", _food),
)
