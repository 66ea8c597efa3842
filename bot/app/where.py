"""Where things are that no setting moves: our own address on this machine, and the description of the Slack app."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HOST: Final = "127.0.0.1"
MANIFEST: Final = Path(__file__).parent.parent.parent / "manifest.yml"
