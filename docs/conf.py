"""How Sphinx builds the documentation; `bin/docs` runs it. Its sources are the Markdown files beside this one."""

import os
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin"), str(HERE / "_site")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django  # noqa: E402  (the settings are named above)

django.setup()

project = "Tollgate"
release = version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
html_title = "Tollgate"
language = "en"

extensions = ["myst_parser", "from_code"]
source_suffix = {".md": "markdown"}
root_doc = "index"
exclude_patterns = ["_site", "__pycache__"]
nitpicky = True
suppress_warnings: list[str] = []

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
myst_links_external_new_tab = False

html_theme = "furo"
html_baseurl = ""
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_static_path = ["_site/css"]
html_css_files = ["site.css"]
html_favicon = "_site/favicon.svg"
templates_path: list[str] = ["_site/templates"]
INK, PALE_INK = "#1f4e8c", "#8fb8f0"
html_theme_options = {
    "light_css_variables": {
        "font-stack": "Inter, system-ui, sans-serif",
        "color-brand-primary": INK,
        "color-brand-content": INK,
    },
    "dark_css_variables": {"color-brand-primary": PALE_INK, "color-brand-content": PALE_INK},
    "footer_icons": [],
}
