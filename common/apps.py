from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CommonConfig(AppConfig):
    name = "common"
    default = True


class ServedFilesConfig(StaticFilesConfig):
    """Static files without what the vendors' packages hold and no page asks for; compressing it took a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.map", "*.d.ts", "*schema.json", "*.esm.*", "*.rtl.*"),
        *("tabler-*", "tabler.css", "vega-core*", "vega.js", "vega.module.js", "embed.js", "index.js"),
        *("compile", "compositemark", "log", "normalize", "spec"),
    ]
