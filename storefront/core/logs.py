"""Structured logs on standard error. Codes never come here: they travel as `Secret`.

The links in mails are masked: whoever has one sees an order. So are the rows that a database quotes
when it refuses them.
"""

import logging
import logging.config
import re
import sys

import structlog

# Also where the address is part of another one.
_TOKEN = re.compile(r"(open(?:/|%2F))[^/\s\"'<>?%&]+", re.IGNORECASE)
_ROW = re.compile(r"^(DETAIL:\s).*$", re.MULTILINE)


def masked(text: str) -> str:
    """The text, with the token of each link that opens an order replaced, and quoted rows too."""
    return _ROW.sub(r"\1•••", _TOKEN.sub(r"\1•••", text))


class MaskedLinks(logging.Filter):
    """For loggers that are not ours, such as the one of the web server's requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Masks; drops nothing."""
        if isinstance(record.args, dict):
            for name, value in record.args.items():
                if isinstance(value, str):
                    record.args[name] = masked(value)
        return True


def _mask(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = masked(value)
    return event


def _renderer(*, readable: bool) -> structlog.typing.Processor:
    if not readable:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def configure_logging(*, readable: bool) -> None:
    """One line an event: readable for people, or JSON for machines. No trace shows variables."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "events": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        _renderer(readable=readable),
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                # The worker's own lines name each task's arguments and results.
                "celery.app.trace": {"level": "WARNING"},
                "axes": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
