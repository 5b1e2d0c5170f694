"""Entries of ZIP archives that do not depend on when and where they were written."""

import zipfile


def undated_entry(path: str) -> zipfile.ZipInfo:
    """Return an entry to be compressed, of a fixed date, and as if written on Unix by someone whose files all may read."""
    entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
