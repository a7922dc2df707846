"""Games whose currency is sold in packs: to a player by id, or as a code."""

from dataclasses import dataclass
from decimal import Decimal

from .model import Text


@dataclass(frozen=True, slots=True)
class Game:
    """A game: `packs` are (units, retail price in USD); no fields means that a code is sold."""

    name: str
    unit: Text
    packs: tuple[tuple[int, Decimal], ...]
    discount: Decimal
    fields: list[object]
    about: Text
    lines: tuple[Text, ...]


def _packs(line: str) -> tuple[tuple[int, Decimal], ...]:
    pairs = (pair.split(":") for pair in line.split())
    return tuple((int(units), Decimal(price)) for units, price in pairs)


def _same(text: str) -> Text:
    return Text(text, text)


def _player(code: str, digits: str) -> dict[str, object]:
    return {
        "code": code,
        "label": Text("Player ID", "ID игрока"),
        "type": "text",
        "required": True,
        "regex": rf"^\d{{{digits}}}$",
    }


_FAST = Text("It usually arrives within two minutes.", "Обычно приходит за две минуты.")
_CHECK = Text(
    "Check the ID: what went to another player can't be taken back.",
    "Проверьте ID: отправленное другому игроку вернуть нельзя.",
)
_AVATAR = Text(
    "Find the player ID under your avatar in the game's lobby.",
    "ID игрока виден в лобби, под вашим аватаром.",
)
_SERVERS = ["America", "Europe", "Asia", "TW, HK, MO"]
_HOYOVERSE: list[object] = [
    {
        "key": "uid",
        "label": _same("UID"),
        "type": "text",
        "required": True,
        "pattern": r"^\d{9,10}$",
    },
    {
        "key": "server",
        "label": Text("Server", "Сервер"),
        "type": "select",
        "required": True,
        "options": _SERVERS,
    },
]
_UID = Text(
    "The UID stands in the lower right corner of the screen; choose the server of that account.",
    "UID написан в правом нижнем углу экрана; сервер выберите тот, на котором этот аккаунт.",
)

GAMES = (
    Game(
        "PUBG Mobile",
        _same("UC"),
        _packs("60:0.99 325:4.99 660:9.99 1800:24.99 3850:49.99 8100:99.99"),
        Decimal("6.0"),
        [_player("player_id", "6,12")],
        Text(
            "Unknown Cash for outfits, crates and the Royale Pass.",
            "Unknown Cash на костюмы, ящики и Royale Pass.",
        ),
        (_AVATAR, _FAST, _CHECK),
    ),
    Game(
        "Mobile Legends",
        Text("Diamonds", "алмазов"),
        _packs("86:1.49 172:2.99 257:4.49 706:11.99 2195:35.99"),
        Decimal("7.0"),
        [
            {
                "name": "user_id",
                "title": Text("User ID", "ID пользователя"),
                "type": "text",
                "required": True,
                "pattern": r"^\d{5,12}$",
            },
            {
                "name": "zone_id",
                "title": Text("Zone ID, the number in brackets", "ID зоны — число в скобках"),
                "type": "integer",
                "required": True,
                "min": 1000,
                "max": 99999,
            },
        ],
        Text(
            "Diamonds for heroes, skins and the Starlight membership.",
            "Алмазы на героев, облики и подписку Starlight.",
        ),
        (
            Text(
                "Both numbers are in your profile: user ID, then the zone in brackets.",
                "Оба числа есть в профиле: сначала ID пользователя, в скобках — зона.",
            ),
            _FAST,
            _CHECK,
        ),
    ),
    Game(
        "Free Fire",
        Text("Diamonds", "алмазов"),
        _packs("100:0.99 310:2.99 520:4.99 1060:9.99 2180:19.99 5600:49.99"),
        Decimal("7.4"),
        ["player_id"],
        Text(
            "Diamonds for characters, weapon skins and the Booyah Pass.",
            "Алмазы на персонажей, облики оружия и Booyah Pass.",
        ),
        (_AVATAR, _FAST, _CHECK),
    ),
    Game(
        "Genshin Impact",
        Text("Genesis Crystals", "кристаллов Сотворения"),
        _packs("60:0.99 300:4.99 980:14.99 1980:29.99 3280:49.99 6480:99.99"),
        Decimal("5.0"),
        _HOYOVERSE,
        Text(
            "Genesis Crystals, which the game exchanges for Primogems and outfits.",
            "Кристаллы Сотворения: в игре их меняют на Камни Истока и наряды.",
        ),
        (_UID, _FAST, _CHECK),
    ),
    Game(
        "Honkai: Star Rail",
        Text("Oneiric Shards", "сущностей древних снов"),
        _packs("60:0.99 300:4.99 980:14.99 1980:29.99 6480:99.99"),
        Decimal("5.0"),
        _HOYOVERSE,
        Text(
            "Oneiric Shards, which the game exchanges for Stellar Jade.",
            "Сущности древних снов: в игре их меняют на Звёздный нефрит.",
        ),
        (_UID, _FAST, _CHECK),
    ),
    Game(
        "World of Tanks",
        Text("Gold", "золота"),
        _packs("500:2.99 1250:6.99 3000:14.99 6500:29.99 12000:49.99"),
        Decimal("3.5"),
        [
            {
                "key": "nickname",
                "title": Text("Nickname in the game", "Имя в игре"),
                "type": "text",
                "required": True,
                "min": 3,
                "max": 24,
            },
            {
                "key": "region",
                "title": Text("Region", "Регион"),
                "type": "select",
                "required": True,
                "options": ["EU", "NA", "ASIA"],
            },
        ],
        Text(
            "Gold for premium vehicles and premium account time.",
            "Золото на премиум-технику и премиум-аккаунт.",
        ),
        (
            Text(
                "Choose the region in which the account was made.",
                "Выберите регион, в котором создан аккаунт.",
            ),
            _FAST,
        ),
    ),
    Game(
        "Telegram",
        Text("Stars", "звёзд"),
        _packs("50:0.99 100:1.99 250:4.99 500:9.99 1000:19.99"),
        Decimal("2.0"),
        [
            {
                "code": "username",
                "label": Text("Telegram username", "Имя пользователя в Telegram"),
                "type": "text",
                "required": True,
                "regex": "^@?[A-Za-z][A-Za-z0-9_]{4,31}$",
            }
        ],
        Text(
            "Stars for mini apps, paid posts and gifts in Telegram.",
            "Звёзды для мини-приложений, платных публикаций и подарков в Telegram.",
        ),
        (
            Text(
                "Give the username with or without @; the account must accept gifts.",
                "Укажите имя пользователя с @ или без; аккаунт должен принимать подарки.",
            ),
            _FAST,
        ),
    ),
    Game(
        "Bigo Live",
        Text("Diamonds", "бриллиантов"),
        _packs("42:0.99 210:4.99 420:9.49 2100:46.99"),
        Decimal("6.5"),
        ["bigo_id"],
        Text("Diamonds for gifts to streamers.", "Бриллианты для подарков стримерам."),
        (
            Text(
                "The Bigo ID is in the profile, under the name.",
                "Bigo ID есть в профиле, под именем.",
            ),
            _CHECK,
        ),
    ),
    Game(
        "Fortnite",
        Text("V-Bucks", "В-баксов"),
        _packs("1000:8.99 2800:22.99 5000:36.99 13500:89.99"),
        Decimal("4.0"),
        [],
        Text(
            "V-Bucks for outfits, gliders and the Battle Pass, on every platform.",
            "В-баксы на экипировку, дельтапланы и боевой пропуск — на любой платформе.",
        ),
        (
            Text("Sign in at fortnite.com/vbuckscard.", "Войдите на fortnite.com/vbuckscard."),
            Text(
                "Enter the code and choose the platform you play on.",
                "Введите код и выберите платформу, на которой играете.",
            ),
        ),
    ),
    Game(
        "Minecraft",
        Text("Minecoins", "майнкоинов"),
        _packs("330:1.99 1720:9.99 3500:19.99"),
        Decimal("5.5"),
        [],
        Text(
            "Minecoins for skins, worlds and texture packs in the Minecraft Marketplace.",
            "Майнкоины на скины, миры и наборы текстур в магазине Minecraft.",
        ),
        (
            Text("Sign in at minecraft.net/redeem.", "Войдите на minecraft.net/redeem."),
            Text("Enter the 25 characters.", "Введите 25 символов."),
        ),
    ),
)
