"""Static files: ours and the vendors', hashed and compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


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
