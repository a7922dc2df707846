"""App stores, prepaid money and devices."""

from functools import partial

from partner_api.sandbox.catalog.model import Text

from .brand import brand

_app = partial(brand, shelf="apps")

BRANDS = (
    _app(
        "Apple",
        "US 2 3 5 10 15 25 30 50 100 200; DE 15 25 50 100; GB 10 15 25 50 100; "
        "TR 100 250 500 1000 2000; JP 1000 1500 3000 5000 10000",
        "4.2",
        Text(
            "One balance for everything Apple sells: apps and games, music, films, books, iCloud "
            "storage, and devices in the Apple Store.",
            "Один баланс на всё, что продаёт Apple: приложения и игры, музыка, фильмы, книги, "
            "место в iCloud и устройства в Apple Store.",
        ),
        Text(
            "Open the App Store and tap your photo in the corner.",
            "Откройте App Store и нажмите на свою фотографию в углу экрана.",
        ),
        Text(
            "Choose “Redeem Gift Card or Code”.",
            "Выберите «Погасить подарочную карту или код».",
        ),
        Text(
            "Enter the code from your order; the balance grows at once.",
            "Введите код из заказа — баланс пополнится сразу.",
        ),
    ),
    _app(
        "Google Play",
        "US 5 10 25 50 100 200; DE 5 10 15 25 50 100; BR 15 30 50 100 150; IN 100 250 500 1000",
        "3.6",
        Text(
            "Apps, in-game purchases, films, books and subscriptions in Google Play, paid without "
            "a bank card.",
            "Приложения, покупки в играх, фильмы, книги и подписки в Google Play — без "
            "банковской карты.",
        ),
        Text(
            "Open Google Play, tap your profile picture, then “Payments and subscriptions”.",
            "Откройте Google Play, нажмите на значок профиля и выберите «Платежи и подписки».",
        ),
        Text(
            "Tap “Redeem code” and type it in, or open play.google.com/redeem in a browser.",
            "Нажмите «Активировать код» и введите его либо откройте play.google.com/redeem.",
        ),
    ),
    _app(
        "Paysafecard",
        "DE 10 25 50 100; AT 10 25 50 100",
        "1.4",
        Text(
            "A prepaid PIN for paying online without a bank account: games, betting, music, shops.",
            "Предоплаченный код для оплаты в интернете без банковского счёта: игры, музыка, "
            "магазины.",
        ),
        Text(
            "Choose paysafecard as the way to pay on the website.",
            "Выберите на сайте оплату через paysafecard.",
        ),
        Text(
            "Enter the 16 digits. One PIN can be spent in several payments.",
            "Введите 16 цифр. Один код можно расходовать по частям.",
        ),
        scope="online",
        title=Text("Paysafecard PIN", "Код Paysafecard"),
        world=False,
    ),
    _app(
        "Meta Quest",
        "US 15 25 50 100",
        "4.8",
        Text(
            "Games and apps for Meta Quest headsets from the Meta Horizon Store.",
            "Игры и приложения для шлемов Meta Quest из магазина Meta Horizon Store.",
        ),
        Text(
            "Open the Meta Horizon app on your phone and find “Redeem code” in the menu.",
            "Откройте на телефоне приложение Meta Horizon и найдите в меню «Активировать код».",
        ),
        Text(
            "Enter the 25 characters; the credit is added to the account you are signed in to.",
            "Введите 25 символов: сумма зачислится на аккаунт, в который вы вошли.",
        ),
    ),
    _app(
        "Viber Out",
        "AE 25 50 100",
        "6.5",
        Text(
            "Credit for calls from Viber to ordinary mobile and landline numbers abroad.",
            "Баланс для звонков из Viber на обычные мобильные и городские номера за границей.",
        ),
        Text(
            "Sign in at account.viber.com with your phone number.",
            "Войдите на account.viber.com по номеру телефона.",
        ),
        Text(
            "Choose “Use voucher” and enter it.",
            "Нажмите «Использовать ваучер» и введите его.",
        ),
        title=Text("Viber Out credit", "Баланс Viber Out"),
    ),
)
