"""Mobile data for travellers as products: one country, a region, or nearly everywhere."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from .categories import SHELVES
from .countries import COUNTRIES, Country
from .model import Coverage, Product, Sku, Text
from .parts import cents, fixed_sku, roll, stable_id
from .regions import REGIONS, WORLD, Region, first_gb
from .texts import Steps, counted, fill, joined, listed, page

# gigabytes (None: unlimited), days, price as a multiple of the first gigabyte
Size = tuple[int | None, int, str]
SIZES: tuple[Size, ...] = (
    (1, 7, "1"),
    (3, 15, "2.3"),
    (5, 30, "3.5"),
    (10, 30, "6.2"),
    (20, 30, "10.9"),
)
UNLIMITED: tuple[Size, ...] = ((None, 7, "8"), (None, 15, "14"), (None, 30, "23"))
_DEMO = (
    "US CA MX BR AR CO GB DE FR ES PT IT NL AT CH SE PL CZ HU HR GR RS ME AL GE AM KZ UZ TR IL AE "
    "SA EG MA KE ZA TH VN ID MY SG JP KR CN IN AU NZ"
)

_LOCAL = (
    Text(
        "Mobile data in {en_in} over {all_of}, without a plastic card.",
        "Мобильный интернет {ru_in} через {all_of} — без пластиковой карты.",
    ),
    Text(
        "Internet from the first minute in {en_in}: the phone connects to {one_of}.",
        "Интернет {ru_in} с первой минуты: телефон подключится к сети {one_of}.",
    ),
)
_INSTALL = Steps(
    (
        Text(
            "On Wi-Fi, open the phone's settings, “Add eSIM”, and scan the QR code.",
            "Подключитесь к Wi-Fi, откройте в настройках телефона «Добавить eSIM» и отсканируйте "
            "QR-код.",
        ),
        Text(
            "When you arrive, choose this line for data and switch on data roaming.",
            "На месте выберите эту линию для передачи данных и включите роуминг.",
        ),
    ),
    Text("How to install it", "Как установить"),
)
_COUNTING = Text(
    "The days are counted from the first connection. There is no phone number and no SMS.",
    "Дни считаются с первого подключения. Номера телефона и SMS в тарифе нет.",
)
_PHONE = Text(
    "The phone must support eSIM and be free of an operator's lock.",
    "Нужен телефон с поддержкой eSIM и без привязки к оператору.",
)
_SLOWER = Text(
    "Unlimited plans may slow down after 3 GB in a day.",
    "Безлимитные тарифы могут замедляться после 3 ГБ за день.",
)


def _size_sku(path: tuple[str, ...], place: Text, base: Decimal, size: Size) -> Sku:
    gigabytes, days, multiple = size
    attributes: dict[str, object] = {
        "validity_days": str(days),
        "renewable": gigabytes is not None,
    }
    if gigabytes is None:
        amount = Text("unlimited", "безлимит")
        attributes["unlimited"] = True
    else:
        amount = Text(f"{gigabytes} GB", f"{gigabytes} ГБ")
        attributes["data_gb"] = str(gigabytes)
    period = counted(days, ("day", "days"), ("день", "дня", "дней"))
    return fixed_sku(
        (*path, str(gigabytes or "unlimited"), str(days)),
        Text(
            f"{place.en}, {amount.en}, {period.en}",
            f"{place.ru}, {amount.ru} на {period.ru}",
        ),
        cents(base * Decimal(multiple)),
        attributes,
    )


def _plan(
    path: tuple[str, ...],
    name: Text,
    about: Text,
    base: Decimal,
    sizes: Sequence[Size],
    coverage: tuple[Coverage, ...],
    attributes: dict[str, object],
) -> Product:
    has_unlimited = any(gigabytes is None for gigabytes, *_ in sizes)
    last = joined(_PHONE, _SLOWER) if has_unlimited else _PHONE
    return Product(
        id=stable_id("product", *path),
        type="esim",
        denomination_type="fixed",
        name=Text(f"eSIM | {name.en}", f"eSIM | {name.ru}"),
        description=page(about, _INSTALL, _COUNTING, last),
        image="",
        category_id=SHELVES[path[0]],
        attributes={**attributes, "validity_starts": "first_connection"},
        fields=[],
        skus=tuple(
            replace(
                _size_sku(path, name, base, size),
                coverage=coverage,
                data_gb=None if size[0] is None else Decimal(size[0]),
                days=size[1],
                renewable=size[0] is not None,
            )
            for size in sizes
        ),
    )


def _networks(country: Country, names: Sequence[str]) -> tuple[Coverage, ...]:
    return tuple(
        {"country_name": country.en, "country_code": country.code, "network_name": name}
        for name in names
    )


def local(
    country: Country,
    sizes: Sequence[Size] | None = None,
    *,
    networks: Sequence[str] | None = None,
    line: str = "",
    title: Text | None = None,
) -> Product:
    """Make the plans of one country.

    `line` names a second family of plans in the same country, `title` is what it is called;
    without `sizes` the usual ones are taken, with one to three unlimited ones.
    """
    path = ("esim-local", country.code, *filter(None, [line]))
    number = roll("/".join(path), 6)
    sizes = sizes or (*SIZES, *UNLIMITED[: number % 3 + 1])
    networks = networks or country.networks[:2]
    about = fill(
        _LOCAL[number % 2],
        country,
        all_of=listed(networks, Text("and", "и")),
        one_of=listed(networks, Text("or", "или")),
    )
    place = Text(country.en, country.ru)
    name = Text(f"{place.en}, {title.en}", f"{place.ru}, {title.ru}") if title else place
    return _plan(
        path,
        name,
        about,
        first_gb(country),
        sizes,
        _networks(country, networks),
        {"country": country.code, "countries": [country.code], "networks": list(networks)},
    )


def regional(region: Region, sizes: Sequence[Size]) -> Product:
    """Make the plans of a region, on the widest network of each of its countries."""
    codes = region.countries.split()
    shelf = "esim-global" if region.slug == "global" else "esim-regional"
    number = counted(len(codes), ("country", "countries"), ("страну", "страны", "стран"))
    about = Text(
        f"Mobile data in {region.where.en}: one eSIM for {number.en}.",
        f"Мобильный интернет {region.where.ru}: одна eSIM на {number.ru}.",
    )
    coverage = tuple(
        row for code in codes for row in _networks(COUNTRIES[code], COUNTRIES[code].networks[:1])
    )
    return _plan(
        (shelf, region.slug),
        region.name,
        about,
        Decimal(region.base),
        sizes,
        coverage,
        {
            "region": region.slug,
            "countries": codes,
            "coverage": {row["country_code"]: [row["network_name"]] for row in coverage},
        },
    )


def local_esims() -> list[Product]:
    """Return the demo plans for one country."""
    return [local(COUNTRIES[code]) for code in _DEMO.split()]


def regional_esims() -> list[Product]:
    """Return the demo plans for regions and for the whole world."""
    regions = [
        regional(region, (*SIZES, *UNLIMITED[:2]) if region.slug == "europe" else SIZES)
        for region in REGIONS
    ]
    return [*regions, regional(WORLD, (*SIZES, (50, 90, "24")))]
