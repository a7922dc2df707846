"""Food, rides and trips."""

from functools import partial

from partner_api.sandbox.catalog.model import Text

from .brand import card

_food = partial(card, shelf="food")
_trip = partial(card, shelf="travel", scope="account")
_delivery = Text("meals from restaurants, brought to the door", "еда из ресторанов с доставкой")
_rides = Text("rides around the city", "поездки по городу")

BRANDS = (
    _food(
        "Starbucks",
        "US 5 10 15 25 50; GB 10 20 30; KR 10000 30000 50000",
        "6.6",
        Text("coffee, tea and something sweet", "кофе, чай и что-нибудь сладкое"),
        world=True,
    ),
    _food(
        "Costa Coffee",
        "GB 5 10 20",
        "5.7",
        Text("coffee and sandwiches", "кофе и сэндвичи"),
    ),
    _food("Uber Eats", "AU 25 50 100", "4.5", _delivery, scope="account", world=True),
    _food("Deliveroo", "GB 15 25 50 100; KW 5 10 20", "4.4", _delivery, scope="account"),
    _food("DoorDash", "US 15 25 50 100", "3.9", _delivery, scope="account"),
    _food("Swiggy", "IN 250 500 1000", "3.5", _delivery, scope="account"),
    _trip(
        "Uber",
        "US 15 25 50 100 200; FR 25 50 100; MX 200 500 1000",
        "3.2",
        Text("rides in the app, without a bank card", "поездки в приложении без банковской карты"),
        world=True,
    ),
    _trip("Bolt", "PT 10 25 50", "5.0", _rides, world=True),
    _trip("Careem", "AE 25 50 100 200", "4.0", _rides),
    _trip("Grab", "SG 5 10 20 50", "3.6", _rides),
    _trip(
        "Airbnb",
        "US 50 100 250 500",
        "4.2",
        Text("homes and rooms, anywhere in the world", "жильё по всему миру"),
        world=True,
    ),
    _trip(
        "FlixBus",
        "DE 20 50 100",
        "6.9",
        Text("coaches and trains between cities", "автобусы и поезда между городами"),
        world=True,
    ),
    _trip(
        "Hotels.com",
        "US 50 100 200 500",
        "5.5",
        Text("hotels and apartments", "отели и апартаменты"),
        world=True,
    ),
)
