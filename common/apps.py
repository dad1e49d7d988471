from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.http import multipartparser


class CommonConfig(AppConfig):
    name = "common"
    default = True

    def ready(self) -> None:
        # An uploaded file's name stands in the head of its part; above Django's 1,024 bytes the answer would be a
        # 400 that names nothing. Read whole, an endless name is cut and the file taken.
        multipartparser.MAX_TOTAL_HEADER_SIZE = 8 * 1024  # type: ignore[attr-defined]  # the stubs lack it


class ServedFilesConfig(StaticFilesConfig):
    """Static files without what the vendors' packages hold and no page asks for; compressing it took a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.map", "*.d.ts", "*schema.json", "*.esm.*", "*.rtl.*"),
        *("tabler-*", "tabler.css", "vega-core*", "vega.js", "vega.module.js", "embed.js", "index.js"),
        *("compile", "compositemark", "log", "normalize", "spec"),
        *("rest_framework", "htmax-*", "htmx-4*"),
    ]
