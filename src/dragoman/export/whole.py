"""Files that are there whole or not at all: written under a temporary name, then given their own."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO


class Whole:
    """A file that takes the place of ``path`` when it is kept; until then, and without it, ``path`` stays as it was.

    Raises OSError where no file can be made beside ``path``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        handle, self._temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        self.file: IO[bytes] = os.fdopen(handle, "wb")

    def __enter__(self) -> Whole:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def keep(self) -> None:
        """Give the file its name. Raises OSError when the disk takes no more; ``path`` is then as it was."""
        self.file.close()
        # A temporary file is private; the finished one has the rights that any new file would have.
        if self.path.exists():
            shutil.copymode(self.path, self._temporary)
        else:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(self._temporary, 0o666 & ~mask)
        os.replace(self._temporary, self.path)

    def close(self) -> None:
        """Take away what was not kept."""
        try:
            self.file.close()
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._temporary)
