"""Films, music and live streams."""

from functools import partial

from partner_api.sandbox.catalog.model import Text

from .brand import brand, card

_media = partial(brand, shelf="media")
_stream = partial(card, shelf="media", scope="account")

BRANDS = (
    _media(
        "Netflix",
        "US 15 30 50 100 200; DE 25 50 100; TR 200 350 500 1000",
        "5.4",
        Text(
            "Pays for a Netflix subscription on any plan: the balance is used month by month until "
            "it runs out.",
            "Оплата подписки Netflix на любом тарифе: баланс списывается по месяцам, пока не "
            "закончится.",
        ),
        Text("Open netflix.com/redeem and sign in.", "Откройте netflix.com/redeem и войдите."),
        Text(
            "Enter the code. New members choose a plan right after that.",
            "Введите код. Новые зрители сразу после этого выбирают тариф.",
        ),
    ),
    _media(
        "Spotify",
        "US 10 30 60 99; SE 129 387",
        "3.3",
        Text(
            "Music without ads: the card becomes months of Spotify Premium Individual.",
            "Музыка без рекламы: карта превращается в месяцы подписки Spotify Premium Individual.",
        ),
        Text("Sign in at spotify.com/redeem.", "Войдите на spotify.com/redeem."),
        Text(
            "Enter the PIN. The card does not add up with a trial or a family plan.",
            "Введите код. С пробным периодом и семейным тарифом карта не складывается.",
        ),
        title=Text("Spotify Premium gift card", "Карта Spotify Premium"),
    ),
    _media(
        "Twitch",
        "US 15 25 50 100",
        "4.4",
        Text(
            "Subscriptions to channels, gift subscriptions and Bits on Twitch.",
            "Подписки на каналы, подписки в подарок и Bits на Twitch.",
        ),
        Text("Sign in at twitch.tv/redeem.", "Войдите на twitch.tv/redeem."),
        Text(
            "Enter the code; the amount joins your Twitch balance.",
            "Введите код: сумма добавится к балансу Twitch.",
        ),
    ),
    _stream(
        "Disney+",
        "US 25 50 100",
        "4.6",
        Text(
            "Disney, Pixar, Marvel, Star Wars and National Geographic",
            "Disney, Pixar, Marvel, Star Wars и National Geographic",
        ),
        world=True,
    ),
    _stream(
        "Crunchyroll",
        "US 25 50 100",
        "6.0",
        Text("anime with subtitles and dubbing", "аниме с субтитрами и озвучкой"),
        world=True,
    ),
    _stream(
        "Deezer",
        "FR 12 36 120",
        "5.8",
        Text("music, podcasts and radio", "музыка, подкасты и радио"),
        world=True,
    ),
    _stream(
        "Shahid",
        "SA 30 90 350",
        "5.2",
        Text("Arabic series, films and football", "арабские сериалы, кино и футбол"),
    ),
)
