"""What documents need is loaded where they are made, and costs no start."""

from __future__ import annotations

import subprocess
import sys

LIBRARIES = [
    "docx",
    "duckdb",
    "fontTools",
    "lxml",
    "matplotlib",
    "mermaidx",
    "numpy",
    "openpyxl",
    "PIL",
    "pptx",
    "pypdfium2",
    "typst",
]


def test_no_library_of_documents_is_loaded_by_what_only_starts():
    script = f"""
import sys, bot.app.office, bot.registry.tools
print([name for name in {LIBRARIES} if name in sys.modules])
"""
    started = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert started.stdout == "[]\n"
