"""Short replies that mean more than their words: a yes, a stop."""

from __future__ import annotations

import re
from typing import Final

STOP: Final = "stop"

_ONE_YES = (
    r"(yes|yep|yeah|ok|okay|approved?( it| this)?|i approve|go|go ahead|do it|please do|sure|fine|lgtm|👍|"
    r"(that )?(looks|sounds) (good|great|fine)( to me)?|please|thanks|thank you)"
)
_YES = re.compile(rf"\W*{_ONE_YES}(\W+{_ONE_YES})*\W*", re.IGNORECASE)
_STOP = re.compile(r"\W*(please\s+)?(stop|cancel|abort)\W*", re.IGNORECASE)


def is_yes(text: str) -> bool:
    """Nothing but a yes. Under a checkpoint only the button approves, so it must be told from a redirection."""
    return _YES.fullmatch(text) is not None


def is_stop(text: str) -> bool:
    """Nothing but a stop."""
    return _STOP.fullmatch(text) is not None
