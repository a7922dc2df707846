"""Subscriptions and licences sold by the month: memberships, VPN, antivirus, office."""

from dataclasses import dataclass
from decimal import Decimal

from .model import Text


@dataclass(frozen=True, slots=True)
class Plan:
    """A subscription: `periods` are (months, retail price in USD); devices is 0 where unlimited."""

    name: str
    title: Text
    shelf: str
    country: str | None
    periods: tuple[tuple[int, Decimal], ...]
    discount: Decimal
    devices: int | None
    about: Text
    redeem: tuple[Text, ...]
    fields: list[object]


def _plan(
    name: str,
    line: str,
    discount: str,
    about: Text,
    *redeem: Text,
    shelf: str,
    title: Text | None = None,
    country: str | None = None,
    devices: int | None = None,
    fields: list[object] | None = None,
) -> Plan:
    periods = tuple(
        (int(months), Decimal(price)) for months, price in (p.split(":") for p in line.split())
    )
    title = title or Text(name, name)
    return Plan(
        name,
        title,
        shelf,
        country,
        periods,
        Decimal(discount),
        devices,
        about,
        redeem,
        fields or [],
    )


def _site(address: str) -> Text:
    return Text(f"Open {address} and sign in.", f"Откройте {address} и войдите в аккаунт.")


_ENTER = Text("Enter the code and confirm.", "Введите код и подтвердите.")
_DOWNLOAD = Text(
    "Download the app, sign in and enter the code.",
    "Скачайте приложение, войдите и введите код.",
)

PLANS = (
    _plan(
        "PlayStation Plus",
        "1:9.99 3:24.99 12:79.99",
        "4.0",
        Text(
            "Online play, monthly games and discounts in PlayStation Store.",
            "Игра по сети, игры каждого месяца и скидки в PlayStation Store.",
        ),
        Text(
            "In PlayStation Store choose your avatar, then “Redeem Code”.",
            "В PlayStation Store выберите свой аватар, затем «Погасить код».",
        ),
        _ENTER,
        shelf="members",
        title=Text("PlayStation Plus Essential", "Подписка PlayStation Plus Essential"),
        country="US",
    ),
    _plan(
        "Xbox Game Pass",
        "1:29.99 3:84.99",
        "6.0",
        Text(
            "Hundreds of games on console, PC and in the cloud, with online play.",
            "Сотни игр на приставке, ПК и в облаке, с игрой по сети.",
        ),
        _site("redeem.microsoft.com"),
        _ENTER,
        shelf="members",
        title=Text("Xbox Game Pass Ultimate", "Подписка Xbox Game Pass Ultimate"),
        country="US",
    ),
    _plan(
        "Nintendo Switch Online",
        "3:7.99 12:19.99",
        "2.5",
        Text(
            "Online play, saves in the cloud and a library of classic games.",
            "Игра по сети, сохранения в облаке и библиотека классических игр.",
        ),
        Text(
            "In Nintendo eShop on the console choose “Enter Code”.",
            "В Nintendo eShop на приставке выберите «Ввести код».",
        ),
        shelf="members",
        title=Text("Nintendo Switch Online", "Подписка Nintendo Switch Online"),
        country="GB",
    ),
    _plan(
        "Discord",
        "1:9.99 12:99.99",
        "5.0",
        Text(
            "Bigger uploads, HD streaming and your own emoji on every server.",
            "Файлы побольше, трансляции в HD и свои эмодзи на любом сервере.",
        ),
        Text(
            "Open the link from the order or discord.com/billing/promotions.",
            "Откройте ссылку из заказа или discord.com/billing/promotions.",
        ),
        _ENTER,
        shelf="members",
        title=Text("Discord Nitro", "Подписка Discord Nitro"),
    ),
    _plan(
        "Tinder",
        "1:24.99 6:79.99",
        "7.0",
        Text(
            "Tinder Gold: see who liked you, likes without a limit.",
            "Tinder Gold: видно, кому вы понравились, лайки без лимита.",
        ),
        _site("tinder.com/vip"),
        _ENTER,
        shelf="members",
        title=Text("Tinder Gold", "Подписка Tinder Gold"),
        country="US",
    ),
    _plan(
        "NordVPN",
        "1:12.99 12:59.88 24:83.76",
        "7.5",
        Text(
            "An encrypted connection through servers in more than a hundred countries.",
            "Шифрованное соединение через серверы более чем в ста странах.",
        ),
        _site("my.nordaccount.com/activate"),
        _ENTER,
        shelf="vpn",
        title=Text("NordVPN Basic", "NordVPN Basic"),
        devices=10,
    ),
    _plan(
        "Surfshark",
        "1:15.45 12:47.85 24:53.73",
        "7.5",
        Text(
            "A VPN for the whole household: the number of devices is not limited.",
            "VPN для всей семьи: число устройств не ограничено.",
        ),
        _site("surfshark.com/redeem"),
        _ENTER,
        shelf="vpn",
        title=Text("Surfshark Starter", "Surfshark Starter"),
        devices=0,
    ),
    _plan(
        "Proton VPN",
        "1:9.99 12:59.88",
        "5.0",
        Text(
            "A Swiss VPN with open source apps; the subscription is switched on by e-mail.",
            "Швейцарский VPN с открытым кодом; подписку включают по адресу почты.",
        ),
        Text(
            "Give the address of your Proton account.",
            "Укажите адрес почты вашего аккаунта Proton.",
        ),
        Text(
            "The subscription appears in the account within an hour.",
            "Подписка появится в аккаунте в течение часа.",
        ),
        shelf="vpn",
        title=Text("Proton VPN Plus", "Proton VPN Plus"),
        devices=10,
        fields=[
            {
                "key": "email",
                "label": Text("E-mail of the Proton account", "Почта аккаунта Proton"),
                "type": "email",
                "required": True,
            }
        ],
    ),
    _plan(
        "Kaspersky",
        "12:39.99 24:69.99",
        "7.5",
        Text(
            "Protection against viruses, phishing and trackers on computers and phones.",
            "Защита компьютеров и телефонов от вирусов, фишинга и слежки.",
        ),
        _site("my.kaspersky.com"),
        _ENTER,
        shelf="security",
        title=Text("Kaspersky Standard", "Kaspersky Standard"),
        devices=3,
    ),
    _plan(
        "Norton",
        "12:49.99 24:94.99",
        "7.5",
        Text(
            "Antivirus, a password manager and 50 GB for backups.",
            "Антивирус, менеджер паролей и 50 ГБ для резервных копий.",
        ),
        _site("norton.com/setup"),
        _ENTER,
        shelf="security",
        title=Text("Norton 360 Deluxe", "Norton 360 Deluxe"),
        devices=5,
    ),
    _plan(
        "Bitdefender",
        "12:44.99 24:79.99",
        "7.5",
        Text(
            "Protection that works quietly on Windows, macOS, Android and iOS.",
            "Тихая защита для Windows, macOS, Android и iOS.",
        ),
        _site("central.bitdefender.com"),
        _ENTER,
        shelf="security",
        title=Text("Bitdefender Total Security", "Bitdefender Total Security"),
        devices=5,
    ),
    _plan(
        "ESET",
        "12:39.99 36:99.99",
        "7.5",
        Text(
            "A light antivirus for a home computer and its online banking.",
            "Лёгкий антивирус для домашнего компьютера и онлайн-банка.",
        ),
        _DOWNLOAD,
        shelf="security",
        title=Text("ESET Home Security Essential", "ESET Home Security Essential"),
        devices=1,
    ),
    _plan(
        "Microsoft 365",
        "12:99.99",
        "6.5",
        Text(
            "Word, Excel, PowerPoint and Outlook with 1 TB of OneDrive for one person.",
            "Word, Excel, PowerPoint, Outlook и 1 ТБ в OneDrive для одного человека.",
        ),
        _site("microsoft365.com/setup"),
        _ENTER,
        shelf="security",
        title=Text("Microsoft 365 Personal", "Microsoft 365 персональный"),
        devices=5,
    ),
)
