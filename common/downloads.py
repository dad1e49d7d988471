"""Files that people brought, handed out as downloads only."""

from pathlib import Path

from django.http import FileResponse, Http404


def as_download(path: Path, *, name: str, content_type: str) -> FileResponse:
    """One file, always as an attachment and never sniffed by the browser. Raises Http404 where there is none."""
    if not path.is_file():
        raise Http404("There is no such file.")
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
