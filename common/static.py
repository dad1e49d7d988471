"""Static files: ours and the vendors', hashed and compressed, and of the large style sheet only what is needed."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from common.sparse_css import Words, sparse

SPARSE = "vendor/tabler/css/tabler.min.css"
SUFFIXES = {".html", ".js", ".py"}
FOLDERS = (
    "templates",
    "static",
    "common",
    "accounts",
    "engagements",
    "kpis",
    "milestones",
    "reports",
    "workspace",
)
PACKAGES = ("crispy_bootstrap5", "crispy_forms", "allauth.account", "django.forms")


class VendorAwareStorage(CompressedManifestStaticFilesStorage):
    """Hashes every file; a vendor's reference to a source map that it does not ship is left as it is."""

    manifest_strict = True
    support_js_module_import_aggregation = False
    patterns = tuple(
        (
            extension,
            tuple(p for p in patterns if "sourceMappingURL" not in (p if isinstance(p, str) else p[0])),
        )
        for extension, patterns in CompressedManifestStaticFilesStorage.patterns
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Before anything is hashed, leave out of Tabler's style sheet what no page of ours can match."""
        if SPARSE in paths and not dry_run:
            source, path = paths[SPARSE]
            with source.open(path) as whole:
                css = sparse(whole.read().decode(), Words.of(_texts()))
            self.delete(SPARSE)
            self._save(SPARSE, ContentFile(css.encode()))
            paths = {**paths, SPARSE: (self, SPARSE)}
        yield from super().post_process(paths, dry_run, **options)


def _texts() -> Iterator[str]:
    """Everything that may name a class: our own files, and those of the packages that make HTML."""
    for folder in (*(settings.ROOT / name for name in FOLDERS), *_folders_of_packages()):
        for file in folder.rglob("*"):
            if file.suffix in SUFFIXES:
                yield file.read_text()


def _folders_of_packages() -> Iterator[Path]:
    for name in PACKAGES:
        spec = find_spec(name)
        yield from map(Path, (spec.submodule_search_locations or ()) if spec else ())
