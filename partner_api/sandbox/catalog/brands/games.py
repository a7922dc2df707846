"""Game shops and game currencies."""

from functools import partial

from partner_api.sandbox.catalog.model import Text

from .brand import brand

_game = partial(brand, shelf="games")

BRANDS = (
    _game(
        "Steam",
        "US 5 10 20 50 100; DE 5 10 20 35 50 100; AE 40 75 100 200 400",
        "2.8",
        Text(
            "Money for the Steam Wallet: games, add-ons, and items on the Community Market.",
            "Деньги для кошелька Steam: игры, дополнения и предметы на Торговой площадке.",
        ),
        Text(
            "Sign in at store.steampowered.com/account/redeemwalletcode.",
            "Войдите на store.steampowered.com/account/redeemwalletcode.",
        ),
        Text(
            "Enter the code and press “Continue”. Steam converts the value if your wallet is kept "
            "in another currency.",
            "Введите код и нажмите «Продолжить». Если кошелёк ведётся в другой валюте, Steam "
            "пересчитает сумму сам.",
        ),
        title=Text("Steam Wallet code", "Код пополнения Steam"),
    ),
    _game(
        "PlayStation",
        "US 10 25 50 75 100 150; GB 10 20 25 35 50 80; TR 250 500 1000 1500 2000",
        "5.1",
        Text(
            "Wallet funds for PlayStation Store: games, add-ons, PlayStation Plus.",
            "Пополнение кошелька PlayStation Store: игры, дополнения, подписка PlayStation Plus.",
        ),
        Text(
            "In PlayStation Store select your avatar, then “Redeem Code”.",
            "В PlayStation Store выберите свой аватар, затем «Погасить код».",
        ),
        Text(
            "Enter the 12 characters without spaces and confirm.",
            "Введите 12 символов без пробелов и подтвердите.",
        ),
        title=Text("PlayStation Store gift card", "Карта PlayStation Store"),
    ),
    _game(
        "Xbox",
        "US 5 10 15 25 50 75 100; BR 50 100 150 200 300",
        "4.5",
        Text(
            "Credit in a Microsoft account for games, films and apps on Xbox consoles and Windows.",
            "Баланс учётной записи Microsoft для игр, фильмов и приложений на Xbox и в Windows.",
        ),
        Text("Sign in at redeem.microsoft.com.", "Войдите на redeem.microsoft.com."),
        Text("Enter the 25 characters and press “Next”.", "Введите 25 символов и нажмите «Далее»."),
    ),
    _game(
        "Nintendo eShop",
        "US 10 20 35 50 70; DE 15 25 50 75 100; PL 70 120 250 350",
        "-1.2",
        Text(
            "Digital games and add-ons for Nintendo Switch and Switch 2.",
            "Цифровые игры и дополнения для Nintendo Switch и Switch 2.",
        ),
        Text(
            "Open Nintendo eShop on the console and choose “Enter Code”.",
            "Откройте Nintendo eShop на приставке и выберите «Ввести код».",
        ),
        Text(
            "Type the 16 characters; the letters O and I are never used.",
            "Введите 16 символов; букв O и I в кодах не бывает.",
        ),
    ),
    _game(
        "Roblox",
        "US 10 20 25 50 100; GB 10 20 25 50; PH 200 400 800 1500",
        "3.1",
        Text(
            "Robux or a Roblox Premium subscription, as the owner of the account likes.",
            "Robux или подписка Roblox Premium — на выбор владельца аккаунта.",
        ),
        Text("Sign in at roblox.com/redeem.", "Войдите на roblox.com/redeem."),
        Text(
            "Enter the PIN and choose what to exchange the credit for.",
            "Введите код и выберите, на что обменять баланс.",
        ),
    ),
    _game(
        "Razer Gold",
        "US 5 10 20 50 100; TR 25 50 100 250 500; MY 10 20 30 50 100 200",
        "2.2",
        Text(
            "Credit accepted by thousands of games, from mobile shooters to browser strategies.",
            "Баланс, который принимают тысячи игр — от мобильных шутеров до браузерных стратегий.",
        ),
        Text(
            "Sign in at gold.razer.com and choose “Reload”.",
            "Войдите на gold.razer.com и выберите «Пополнить».",
        ),
        Text(
            "Choose Razer Gold PIN, enter the serial number and the PIN.",
            "Выберите Razer Gold PIN, введите серийный номер и код.",
        ),
        title=Text("Razer Gold PIN", "Код Razer Gold"),
    ),
    _game(
        "Valorant",
        "TR 100 200 450 900",
        "-0.8",
        Text(
            "VALORANT Points for skins, agents and the battle pass.",
            "VALORANT Points на скины, агентов и боевой пропуск.",
        ),
        Text(
            "In the client press the VP sign beside the shop.",
            "В игре нажмите на значок VP рядом с магазином.",
        ),
        Text(
            "Choose “Prepaid cards and codes”, then enter the code.",
            "Выберите «Предоплаченные карты и коды» и введите код.",
        ),
    ),
    _game(
        "Battle.net",
        "US 20 50 100",
        "4.0",
        Text(
            "A balance for World of Warcraft, Diablo, Overwatch, Hearthstone and Call of Duty.",
            "Баланс для World of Warcraft, Diablo, Overwatch, Hearthstone и Call of Duty.",
        ),
        Text(
            "Open account.battle.net and choose “Redeem a code”.",
            "Откройте account.battle.net и выберите «Активировать код».",
        ),
        Text("Enter the code and confirm.", "Введите код и подтвердите."),
    ),
)
