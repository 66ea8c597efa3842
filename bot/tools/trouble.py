"""What the operating system refused, in words: what happened, what was kept, what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import ToolError

_REASONS = {
    errno.ENOSPC: (
        "there is no space left on that disk",
        "Ask a person to free some, or use another folder.",
    ),
    errno.EDQUOT: ("the disk quota is used up", "Ask a person to free some space, or use another folder."),
    errno.EROFS: ("that disk is read only", "Write to another folder."),
    errno.EACCES: ("this computer's permissions do not allow it", "Ask a person, or use another folder."),
    errno.EPERM: ("this computer's permissions do not allow it", "Ask a person, or use another folder."),
    errno.ENAMETOOLONG: ("the name is too long", "Use a name of at most 255 bytes."),
    errno.EISDIR: ("it is a folder", "Name a file."),
    errno.ENOTDIR: ("a part of the path is not a folder", "Look with list_folder."),
    errno.ENOTEMPTY: ("the folder is not empty", "Delete or move what is in it first."),
    errno.EEXIST: ("something with that name is already there", "Choose another name."),
    errno.ENOENT: ("it is not there (any more)", "Look with list_folder."),
    errno.EINVAL: ("the name or the place is not possible here", "Use another name or folder."),
    errno.ELOOP: ("it is a link", "Use the place it leads to."),
    errno.EFBIG: ("the file is too large for that disk", "Use another folder."),
    errno.EBUSY: ("it is in use", "Try again later."),
    errno.ETXTBSY: ("it is in use", "Try again later."),
    errno.EMFILE: ("too many files are open", "Try again in a moment."),
    errno.EIO: ("the disk reported a fault", "Ask a person to look at the disk."),
}


def explained(error: OSError, subject: str, kept: str) -> ToolError:
    """The error for the model: "'a.txt': there is no space left on that disk. The old content was kept. …"."""
    known = _REASONS.get(error.errno or 0)
    reason, remedy = known or (error.strerror or type(error).__name__, "")
    return ToolError(" ".join(part for part in (f"'{subject}': {reason}.", kept, remedy) if part))


@contextmanager
def told(subject: str, kept: str = "Nothing was changed.") -> Iterator[None]:
    """Turns what the operating system raises inside into a `ToolError` about `subject`."""
    try:
        yield
    except OSError as error:
        raise explained(error, subject, kept) from error
