"""An Office file as one always to the same bytes: the same parts in the same order, of no particular time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def steady(file: bytes, instead: Mapping[str, bytes] | None = None) -> bytes:
    """The package with nothing in it that tells when it was packed; `instead` are parts in place of its own."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as given, zipfile.ZipFile(target, "w") as made:
        for member in given.infolist():
            entry = zipfile.ZipInfo(member.filename, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, (instead or {}).get(member.filename) or given.read(member))
    return target.getvalue()
