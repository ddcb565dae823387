"""Structured logs, one JSON object a line, without personal data."""

import logging.config
from typing import Any

import structlog

# Names, numbers and addresses of persons never reach a log line, whoever passes them.
PERSONAL_KEYS = {"name", "phone", "email", "id_number", "password", "token", "cookie", "username"}


def drop_personal_data(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in PERSONAL_KEYS}


def configure(config: dict[str, str]) -> None:
    """Django's LOGGING_CONFIG callable; `config` is settings.LOGGING ({"level": …})."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        structlog.processors.JSONRenderer(ensure_ascii=False),
                    ],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": config.get("level", "INFO")},
            "loggers": {"django.db.backends": {"level": "WARNING"}},
        }
    )
