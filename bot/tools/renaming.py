"""Renaming that never overwrites, on any file system."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
import unicodedata
from collections.abc import Callable

_LINUX_NO_REPLACE = 1
_MACOS_EXCLUSIVE = 4
_NO_KERNEL_HELP = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)
_NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)

Rename = Callable[[int, str, int, str], None]


def rename_new(from_folder: int, name: str, to_folder: int, new_name: str) -> None:
    """Renames within a file system; `FileExistsError` if the new name is taken, `OSError` EXDEV across.

    A change of case or of unicode form only, where the disk takes both names for one, is a plain rename.
    """
    try:
        by_kernel(from_folder, name, to_folder, new_name)
    except FileExistsError:
        if not _is_respelling(from_folder, name, to_folder, new_name):
            raise
        os.rename(name, new_name, src_dir_fd=from_folder, dst_dir_fd=to_folder)
    except OSError as error:
        if error.errno not in _NO_KERNEL_HELP:
            raise
        by_hand(from_folder, name, to_folder, new_name)


def by_kernel(from_folder: int, name: str, to_folder: int, new_name: str) -> None:
    """The kernel's own no-replace rename; ENOSYS where there is none."""
    call = "renameatx_np" if sys.platform == "darwin" else "renameat2"
    flag = _MACOS_EXCLUSIVE if sys.platform == "darwin" else _LINUX_NO_REPLACE
    rename = getattr(ctypes.CDLL(None, use_errno=True), call, None)
    if rename is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if rename(from_folder, os.fsencode(name), to_folder, os.fsencode(new_name), ctypes.c_uint(flag)):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)


def by_hand(from_folder: int, name: str, to_folder: int, new_name: str) -> None:
    """Without the kernel: a folder takes the place of one just made, a file gets a second name, then loses
    its first. Where a disk has no second names (FAT), a look before the rename must do."""
    if stat.S_ISDIR(os.stat(name, dir_fd=from_folder, follow_symlinks=False).st_mode):
        os.mkdir(new_name, dir_fd=to_folder)
        _rename_or_unmake(from_folder, name, to_folder, new_name)
        return
    try:
        os.link(name, new_name, src_dir_fd=from_folder, dst_dir_fd=to_folder, follow_symlinks=False)
        os.unlink(name, dir_fd=from_folder)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if new_name in os.listdir(to_folder):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new_name) from None
        os.rename(name, new_name, src_dir_fd=from_folder, dst_dir_fd=to_folder)


def same_name(name: str, other: str) -> bool:
    """Whether two names are one on a disk that ignores case or unicode form."""
    return folded(name) == folded(other)


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _rename_or_unmake(from_folder: int, name: str, to_folder: int, new_name: str) -> None:
    try:
        os.rename(name, new_name, src_dir_fd=from_folder, dst_dir_fd=to_folder)
    except OSError:
        os.rmdir(new_name, dir_fd=to_folder)
        raise


def _is_respelling(from_folder: int, name: str, to_folder: int, new_name: str) -> bool:
    if not same_name(name, new_name) or not os.path.samestat(os.fstat(from_folder), os.fstat(to_folder)):
        return False
    names = os.listdir(to_folder)
    return name in names and new_name not in names
