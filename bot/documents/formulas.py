"""What a spreadsheet takes for a formula, and that no text becomes one by how it begins.

https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

from typing import Final

OPENERS: Final = "=+-@\t\r"
"""Text that begins with one of these is reckoned by whoever opens a CSV file with it."""
