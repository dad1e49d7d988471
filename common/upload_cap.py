"""No request is longer than the longest file that the program takes."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

LONGEST = (
    110 * 1024 * 1024
)  # bytes: a packed call log of 100 MB (kpis.imports.reading), and the form around it


class CappedUpload(FileUploadHandler):
    """Refuse what is too long before a byte of it is read.

    Whoever sends a form to the log-in page is nobody yet, and what they send would fill the disk first and be asked
    about afterwards: the check against forged requests reads the whole form.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > LONGEST:
            raise RequestDataTooBig(f"The request has more than {LONGEST} bytes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Leave the file to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The same."""
