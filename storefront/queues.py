"""Which queues there are, and which task goes where: task names are their app's."""

from kombu import Exchange, Queue

DEFAULT, EXCHANGE = "default", "kiosk"
# A worker without -Q serves all of them.
QUEUES = [
    Queue(name, Exchange(EXCHANGE), routing_key=name)
    for name in (DEFAULT, "buy", "poll", "mail", "catalog")
]
ROUTES = {
    "fulfillment.advance": {"queue": "buy"},
    **{f"fulfillment.{name}": {"queue": "poll"} for name in ("sweep", "watch")},
    "esim.*": {"queue": "poll"},
    "finance.*": {"queue": "poll"},
    "mail.*": {"queue": "mail"},
    # Long, too, and nobody waits for it.
    "reconciliation.*": {"queue": "catalog"},
    "catalog.*": {"queue": "catalog"},
}
TRANSPORT = {
    "visibility_timeout": 600,  # far above the longest task, else it would run twice at once
    "socket_timeout": 5,
    "socket_connect_timeout": 2,  # a checkout does not hang on a dead broker
    "socket_keepalive": True,
    "health_check_interval": 25,
}
