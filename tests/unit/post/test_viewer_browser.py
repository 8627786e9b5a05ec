"""The report's view in a real browser: drawn, moved by its slider, silent, asking nothing of a network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from fea.post.assessment import assess_study
from fea.post.render.gallery import Picture
from fea.post.report import report_page
from fea.post.series import series
from fea.study import Study

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on the path")

#: Told before the page ends: errors of scripts, and requests that the page's rule refused.
WATCH = """<script>
window.faults = [];
addEventListener("error", (event) => faults.push(event.message));
addEventListener("securitypolicyviolation", (event) => faults.push(event.blockedURI));
const said = console.error;
console.error = (...words) => { faults.push(words.join(" ")); said(...words); };
</script>"""


@pytest.fixture(scope="module")
def text(study: Study, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("picture") / "assembly.png"
    Image.new("RGB", (8, 6), "white").save(path)
    pictures = (Picture("assembly", path, "What?", "A picture.", 8.0, 6.0),)
    page = report_page(study, *assess_study(study), series(study), pictures)
    # Only the view: a screenshot is of the top of the page.
    head, rest = page.split("<main>", 1)
    view = rest[rest.index('<script>\n"use strict"') : rest.index("<h2>Pictures</h2>")]
    return f"{head.replace('<style>', WATCH + '<style>', 1)}<main>{view}</main></body></html>"


def browse(text: str, folder: Path, after: str = "", *options: str, size: str = "1024,900") -> str:
    page = folder / "view.html"
    told = 'document.body.dataset.faults = faults.join("; ");'
    page.write_text(f"{text.replace('</main>', f'</main><script>{after};{told}</script>')}", encoding="utf-8")
    assert BROWSER is not None
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
            "--enable-unsafe-swiftshader", "--disable-quic", "--no-first-run",
            "--disable-background-networking",
            f"--user-data-dir={folder / 'profile'}", "--hide-scrollbars", "--virtual-time-budget=10000",
            f"--window-size={size}", *options, page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def shot(text: str, folder: Path, after: str = "", size: str = "1024,900") -> NDArray[np.uint8]:
    browse(text, folder, after, f"--screenshot={folder / 'view.png'}", size=size)
    return np.asarray(Image.open(folder / "view.png").convert("RGB"))


def chosen(name: str, value: str, kind: str = "change") -> str:
    return (
        f"document.getElementById('{name}').value = '{value}';"
        f"document.getElementById('{name}').dispatchEvent(new Event('{kind}'))"
    )


def test_the_view_is_drawn_without_a_fault(text: str, tmp_path: Path) -> None:
    page = browse(text, tmp_path, "", "--dump-dom")
    assert 'data-drawn="yes"' in page
    assert 'data-faults=""' in page
    assert re.search(r"<output[^>]*>[0-9]+ % of the activity, load [0-9]+ N</output>", page)


def test_the_flat_map_tells_what_the_pointer_is_at(text: str, tmp_path: Path) -> None:
    """A quarter of the way across is the patient's left; the arrow keys move on from there."""
    point = (
        "const map = document.getElementById('flat-canvas'); const box = map.getBoundingClientRect();"
        "map.dispatchEvent(new PointerEvent('pointermove',"
        " { clientX: box.left + 0.25 * box.width, clientY: box.top + 0.5 * box.height }));"
        "const hit = () => document.getElementById('flat-hit').textContent; const first = hit();"
        "map.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));"
        "document.body.dataset.hits = `${first}|${hit()}`"
    )
    page = browse(text, tmp_path, point, "--dump-dom")
    found = re.search('data-hits="([^"]*)"', page)
    assert found is not None
    first, second = found[1].split("|")
    assert re.match(r"[0-9.]+ µm at 90° \(0 anterior, 90 left\), [0-9.]+ mm deep; coated.*, left", first)
    assert " at 87°" in second
    assert 'data-drawn="yes"' in page


def test_a_request_would_be_refused_and_told(text: str, tmp_path: Path) -> None:
    """The watch itself works: a picture from elsewhere is blocked by the page's rule."""
    ask = (
        "new Image().src = 'http://localhost:9/a.png';"
        "setTimeout(() => { document.body.dataset.late = faults.join() }, 500)"
    )
    page = browse(text, tmp_path, ask, "--dump-dom")
    assert 'data-late="http://localhost:9/a.png"' in page


def test_bone_stem_and_bands_are_on_the_screen(text: str, tmp_path: Path) -> None:
    """Pixels of the lowest band on the flank and of cut bone, as the legend shows them."""
    picture = shot(text, tmp_path)
    view = picture[110:640, 200:].reshape(-1, 3).astype(int)
    for colour in ("#dbe9f6", "#e9dcc3"):
        rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
        # Light makes a surface darker, never another colour.
        near = (
            np.abs(view / np.maximum(view.max(axis=1, keepdims=True), 1) - rgb / rgb.max()).max(axis=1) < 0.03
        )
        assert (near & (view.max(axis=1) < 254)).sum() > 500, colour


def test_the_slider_moves_the_picture(text: str, tmp_path: Path) -> None:
    first = shot(
        text, tmp_path, chosen("view3d-shade", "pressure") + ";" + chosen("view3d-instant", "0", "input")
    )
    later = shot(
        text, tmp_path, chosen("view3d-shade", "pressure") + ";" + chosen("view3d-instant", "4", "input")
    )
    again = shot(
        text, tmp_path, chosen("view3d-shade", "pressure") + ";" + chosen("view3d-instant", "0", "input")
    )
    view = (slice(110, 640), slice(200, None))
    assert (first[view] != later[view]).any(axis=2).sum() > 300
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_nothing_is_wider_than_the_screen(text: str, tmp_path: Path, width: int) -> None:
    """A window of this kind is 500 px wide at least; a frame inside is as narrow as wanted."""
    inner = tmp_path / "inner.html"
    inner.write_text(text, encoding="utf-8")
    frame = (
        f"<iframe style='width:{width}px;height:1400px;border:0' src='{inner.as_uri()}'></iframe><script>"
        "onload = () => setTimeout(() => {"
        "const it = document.querySelector('iframe').contentDocument.documentElement;"
        "document.body.dataset.wide = `${it.scrollWidth} of ${it.clientWidth}`; }, 2000)</script>"
    )
    page = browse(f"<html><body><main></main>{frame}", tmp_path, "window.faults = []", "--dump-dom",
                  "--allow-file-access-from-files", "--disable-web-security", size="1500,1500")  # fmt: skip
    found = re.search(r'data-wide="([0-9]+) of ([0-9]+)"', page)
    assert found is not None
    assert found[1] == found[2] == str(width)
