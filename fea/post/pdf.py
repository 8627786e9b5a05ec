"""The report as PDF, printed by a browser that is on the machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from fea.errors import CaseError

#: Commands that print a page, in the order in which they are tried.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
#: Seconds that printing may take.
LONGEST = 120


def print_pdf(page: Path) -> Path:
    """Print a page beside itself.

    Parameters
    ----------
    page : Path
        An HTML file.

    Returns
    -------
    Path
        Of the PDF, written whole or not at all.

    Raises
    ------
    CaseError
        When there is no browser, or it does not print.
    """
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise CaseError(
            f"no browser that prints is on the path ({', '.join(BROWSERS[:3])} were looked for): install one,"
            f" or open {page} in yours and print it"
        )
    path = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix="osseofit-print-") as folder:
        draft = Path(folder) / "page.pdf"
        words = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={folder}/profile", "--no-pdf-header-footer",
            f"--print-to-pdf={draft}", page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(words, capture_output=True, timeout=LONGEST, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CaseError(f"{browser} did not print {page} ({type(error).__name__})") from error
        if done.returncode or not draft.is_file() or not draft.read_bytes().startswith(b"%PDF"):
            raise CaseError(f"{browser} did not print {page}: exit code {done.returncode}")
        beside = path.with_name(f".{path.name}.part")
        shutil.copyfile(draft, beside)
        beside.replace(path)
    return path
