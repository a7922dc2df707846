"""How the queue is set, each value with its reason: what Celery over Redis loses and doubles."""

from django.conf import settings

from storefront.celery import app

# Setting -> (its value, what goes wrong with another one).
WANTED = {
    "task_acks_late": (True, "kill -9 of the whole worker loses the task"),
    "task_reject_on_worker_lost": (True, "kill -9 of a child loses the task"),
    "worker_prefetch_multiplier": (1, "what was fetched waits behind a slow task"),
    "task_ignore_result": (True, "what tasks return would lie in Redis"),
    "task_serializer": ("json", "a pickle runs code"),
    "accept_content": (("json",), "the same"),
    "task_publish_retry": (False, "a page waits for a broker that is away"),
    "task_soft_time_limit": (60, "a stuck task keeps its worker"),
    "task_time_limit": (90, "a task that ignores the soft limit keeps it"),
    "worker_soft_shutdown_timeout": (30.0, "a deploy loses what is running"),
    "worker_max_tasks_per_child": (500, "memory that leaks is never given back"),
    "broker_connection_retry_on_startup": (True, "a worker that starts before its broker ends"),
}
TRANSPORT = {
    "visibility_timeout": (600, "a task longer than it runs twice at once"),
    "socket_timeout": (5, "a publish waits for ever on a dead connection"),
    "socket_connect_timeout": (2, "the same for a broker that does not answer"),
    "socket_keepalive": (True, "a connection that died is never noticed"),
    "health_check_interval": (25, "a worker goes deaf after a reconnect"),
}


def test_each_setting_is_as_its_reason_wants_it() -> None:
    assert {name: getattr(app.conf, name) for name in WANTED} == {
        name: value for name, (value, _) in WANTED.items()
    }


def test_the_same_for_the_way_to_the_broker() -> None:
    assert app.conf.broker_transport_options == {name: v for name, (v, _) in TRANSPORT.items()}


def test_no_task_runs_longer_than_it_takes_to_be_delivered_again() -> None:
    app.loader.import_default_modules()
    limits = [getattr(task, "time_limit", None) or 90 for task in app.tasks.values()]
    assert max(limits) < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_nothing_is_counted_down_in_the_broker() -> None:
    """Due times are columns; of what beat sends, only what nobody took in time expires."""
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert "countdown" not in str(entry), name
        assert "'eta'" not in str(entry), name


def test_every_task_of_beat_exists() -> None:
    app.loader.import_default_modules()
    assert {e["task"] for e in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
