"""The shelves of the sandbox partner and what is known about the goods on them."""

from .model import Category, Text

_Attribute = tuple[str, Text, str, str]

_COUNTRY: _Attribute = ("country", Text("Country", "Страна"), "text", "product")
_BRAND: _Attribute = ("brand", Text("Brand", "Бренд"), "text", "product")
_ACCEPTED: _Attribute = (
    "digital_acceptance",
    Text("Where it is accepted", "Где принимают"),
    "text",
    "product",
)
_AMOUNT: _Attribute = ("denomination", Text("Face value", "Номинал"), "number", "sku")
_CURRENCY: _Attribute = (
    "denomination_currency",
    Text("Currency of the face value", "Валюта номинала"),
    "text",
    "sku",
)
_UNITS: _Attribute = ("units", Text("Units of game currency", "Игровая валюта"), "number", "sku")
_DATA: _Attribute = ("data_gb", Text("Data, GB", "Трафик, ГБ"), "number", "sku")
_DAYS: _Attribute = ("validity_days", Text("Valid, days", "Срок, дней"), "number", "sku")
_UNLIMITED: _Attribute = ("unlimited", Text("Unlimited data", "Безлимит"), "boolean", "sku")
_RENEWABLE: _Attribute = ("renewable", Text("Top-up", "Пополнение"), "boolean", "sku")
_STARTS: _Attribute = ("validity_starts", Text("Valid from", "Начало срока"), "text", "product")
_COVERAGE: _Attribute = ("coverage", Text("Networks", "Сети"), "list", "product")
_COUNTRIES: _Attribute = ("countries", Text("Countries", "Страны"), "list", "product")
_MONTHS: _Attribute = ("period_months", Text("Months", "Месяцев"), "number", "sku")
_DEVICES: _Attribute = ("devices", Text("Devices", "Устройств"), "number", "product")

_CARD = (_COUNTRY, _BRAND, _ACCEPTED, _AMOUNT, _CURRENCY)
_PLAN = (_COUNTRIES, _COVERAGE, _STARTS, _DATA, _DAYS, _UNLIMITED, _RENEWABLE)

# slug, id, parent, English, Russian, attributes
_TABLE: tuple[tuple[str, int, int | None, str, str, tuple[_Attribute, ...]], ...] = (
    ("cards", 1, None, "Gift cards", "Подарочные карты", _CARD),
    ("apps", 11, 1, "Apps and prepaid money", "Приложения и предоплата", _CARD),
    ("games", 12, 1, "Games", "Игры", _CARD),
    ("media", 13, 1, "Films and music", "Кино и музыка", _CARD),
    ("shopping", 14, 1, "Shopping", "Покупки", _CARD),
    ("food", 15, 1, "Food and coffee", "Еда и кофе", _CARD),
    ("travel", 16, 1, "Travel and rides", "Поездки", _CARD),
    ("mobile", 2, None, "Mobile top-up", "Пополнение мобильного", (_COUNTRY, *_CARD[3:])),
    ("players", 3, None, "Game top-up", "Пополнение в играх", (_BRAND, _UNITS)),
    ("esim", 4, None, "eSIM", "eSIM", _PLAN),
    ("esim-local", 41, 4, "One country", "Для одной страны", (_COUNTRY, *_PLAN)),
    ("esim-regional", 42, 4, "Several countries", "Для нескольких стран", _PLAN),
    ("esim-global", 43, 4, "Whole world", "Для всего мира", _PLAN),
    ("software", 5, None, "Subscriptions and software", "Подписки и программы", (_BRAND, _MONTHS)),
    ("members", 51, 5, "Subscriptions", "Подписки", (_COUNTRY, _BRAND, _MONTHS)),
    ("vpn", 52, 5, "VPN", "VPN", (_BRAND, _MONTHS, _DEVICES)),
    ("security", 53, 5, "Antivirus and office", "Антивирусы и офис", (_BRAND, _MONTHS, _DEVICES)),
    ("accounts", 6, None, "Bills and accounts", "Счета и кошельки", (_COUNTRY, _BRAND)),
)


def _category(
    number: int, parent: int | None, name: Text, attributes: tuple[_Attribute, ...]
) -> Category:
    keys = ("code", "name", "type", "target")
    return Category(
        number, name, parent, tuple(dict(zip(keys, row, strict=True)) for row in attributes)
    )


CATEGORIES = tuple(
    _category(number, parent, Text(en, ru), attributes)
    for _, number, parent, en, ru, attributes in _TABLE
)
SHELVES = {slug: number for slug, number, *_ in _TABLE}
