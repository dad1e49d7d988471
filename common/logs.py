"""What never goes to the log: whoever reads it could open the links that others were given."""

import logging
import re

SECRET = re.compile(r"(/(?:c|invitation|unsubscribe|reset/key|confirm-email)/)[^/\s\"']+")


class WithoutLinks(logging.Filter):
    """Leaves every record in and cuts the secret part out of the addresses that it names."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if (cut := SECRET.sub(r"\1…", text)) != text:
            record.msg, record.args = cut, ()
        return True
