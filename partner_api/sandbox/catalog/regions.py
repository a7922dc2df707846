"""Where eSIMs work: regions of several countries, and what data costs in each country."""

from dataclasses import dataclass
from decimal import Decimal

from .countries import COUNTRIES, Country
from .model import Text
from .parts import roll

# What the first gigabyte costs in USD where networks sell it at this price.
_FIRST_GB = {
    "1.35": "TR PL RO BG HR ES FR DE IT NL BE PT AT CZ HU GR SE DK FI EE LV LT SK SI IE GB NO",
    "1.80": "TH VN ID MY PH SG HK CN TW JP KR IN PK LK",
    "2.40": "US CA MX AE SA QA IL EG GE AM KZ UZ KG AZ UA MD RS BA ME MK AL CH CY AU NZ",
}
_ELSEWHERE = Decimal("3.60")
_BASES = {code: Decimal(price) for price, line in _FIRST_GB.items() for code in line.split()}


def first_gb(country: Country) -> Decimal:
    """Return what the first gigabyte costs in USD in one country."""
    spread = roll(f"gigabyte/{country.code}", 31) - 15
    return _BASES.get(country.code, _ELSEWHERE) * (100 + spread) / 100


@dataclass(frozen=True, slots=True)
class Region:
    """Several countries under one plan; `base` is the price of the first gigabyte in USD."""

    slug: str
    name: Text
    where: Text
    base: str
    countries: str


_EU = "DE FR ES IT PT NL BE AT GR PL CZ SK HU RO BG HR SI IE DK SE FI EE LV LT CY NO CH GB"
_BALKANS = "RS BA ME MK AL HR SI BG GR RO"
_GULF = "AE SA QA KW BH OM"
_EAST_ASIA = "JP KR CN HK TW"
_SOUTH_EAST = "TH VN ID MY SG PH"
_LATIN = "MX GT CR DO BR AR CL CO PE EC"
_AFRICA = "ZA EG MA TN NG GH KE TZ UG"
_NORTH = "US CA MX"
_SILK_ROAD = "GE AM AZ KZ UZ KG"

REGIONS = (
    Region("europe", Text("Europe", "Европа"), Text("Europe", "в Европе"), "1.9", _EU),
    Region(
        "balkans", Text("Balkans", "Балканы"), Text("the Balkans", "на Балканах"), "2.6", _BALKANS
    ),
    Region(
        "gulf",
        Text("Gulf", "Персидский залив"),
        Text("the Gulf countries", "в странах Персидского залива"),
        "3.1",
        _GULF,
    ),
    Region(
        "asia",
        Text("Asia", "Азия"),
        Text("Asia", "в Азии"),
        "2.3",
        f"{_EAST_ASIA} {_SOUTH_EAST} IN LK PK",
    ),
    Region(
        "southeast-asia",
        Text("Southeast Asia", "Юго-Восточная Азия"),
        Text("Southeast Asia", "в Юго-Восточной Азии"),
        "2.1",
        _SOUTH_EAST,
    ),
    Region(
        "latin-america",
        Text("Latin America", "Латинская Америка"),
        Text("Latin America", "в Латинской Америке"),
        "3.4",
        _LATIN,
    ),
    Region("africa", Text("Africa", "Африка"), Text("Africa", "в Африке"), "4.2", _AFRICA),
    Region(
        "north-america",
        Text("North America", "Северная Америка"),
        Text("North America", "в Северной Америке"),
        "2.5",
        _NORTH,
    ),
    Region(
        "caucasus-central-asia",
        Text("Caucasus and Central Asia", "Кавказ и Средняя Азия"),
        Text("the Caucasus and Central Asia", "на Кавказе и в Средней Азии"),
        "2.9",
        _SILK_ROAD,
    ),
    Region(
        "oceania",
        Text("Australia and New Zealand", "Австралия и Новая Зеландия"),
        Text("Australia and New Zealand", "в Австралии и Новой Зеландии"),
        "2.7",
        "AU NZ",
    ),
)
WORLD = Region(
    "global",
    Text("Global", "Весь мир"),
    Text("most parts of the world", "почти по всему миру"),
    "4.4",
    " ".join(code for code in COUNTRIES if code not in {"NP", "BD", "TZ", "UG", "MD", "GT"}),
)
