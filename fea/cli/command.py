"""The command: read the words, do the verb, say what went wrong in one sentence."""

from __future__ import annotations

import argparse
import errno
import logging
import sys
from collections.abc import Sequence

from fea.cli.options import parser
from fea.cli.verbs import FAILED
from fea.errors import OsseofitError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        Words after the command's name; the process's own by default.

    Returns
    -------
    int
        0 when the analysis is valid, whatever the verdict; 1 on an error; 3 when
        ``--fail-on-verdict`` is given and the stem is not shown stable and safe.
    """
    options = parser().parse_args(arguments)
    _show_progress(quiet=getattr(options, "quiet", False))
    try:
        return int(options.verb(options))
    except (OsseofitError, ValueError) as error:
        for sentence in getattr(error, "problems", (str(error),)):
            print(f"osseofit: {sentence}", file=sys.stderr)
    except OSError as error:
        print(f"osseofit: {_file_words(error, options)}", file=sys.stderr)
    except MemoryError:
        print(
            "osseofit: not enough memory for this mesh; choose a coarser [mesh] interface_size_mm",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("osseofit: interrupted; what was finished before is kept", file=sys.stderr)
        return 130
    return FAILED


def _file_words(error: OSError, options: argparse.Namespace) -> str:
    """Say which file or disk cannot be used, and what to do about a full one."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = error.filename or getattr(options, "results", "the results")
        return (
            f"the disk of {where} is full; free some space, or give another folder with --results, and run"
            " again: what is incomplete is not taken for a result"
        )
    return f"{error.filename or 'a file'} cannot be used: {error.strerror}"


def _show_progress(*, quiet: bool) -> None:
    level = logging.WARNING if quiet else logging.INFO
    logger = logging.getLogger("osseofit")
    logger.setLevel(level)
    if logger.handlers:
        return
    if sys.stderr.isatty():
        from rich.logging import RichHandler

        logger.addHandler(RichHandler(show_path=False, show_level=False))
    else:
        logger.addHandler(logging.StreamHandler())
