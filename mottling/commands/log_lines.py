"""What the server writes down for who runs it: a line an act, as text, or as JSON for what collects logs.

No line names a patient; users are named as in the records.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from mottling.settings import LogFormat

__all__ = ["JsonLines", "log_acts"]


class JsonLines(logging.Formatter):
    """One JSON object a line: when (UTC), how grave, which part of us, what; of a failure its trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "part": record.name,
            "what": record.getMessage(),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def log_acts(form: LogFormat) -> None:
    """Write acts of ours and warnings of others to the standard error output."""
    handler = logging.StreamHandler()
    is_json = form is LogFormat.JSON
    handler.setFormatter(JsonLines() if is_json else logging.Formatter("%(asctime)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("mottling").setLevel(logging.INFO)
