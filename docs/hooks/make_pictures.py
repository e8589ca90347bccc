"""Makes the pictures of README and site: the page, a finding, and the workbook as LibreOffice shows it.

`make pictures` runs it, with Chromium and LibreOffice on the machine, after a change of what they show.
"""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

from casetrail.cli.main import main

ROOT = Path(__file__).parent.parent.parent
ASSETS = ROOT / "docs" / "assets"
_QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


def small(image: Image.Image, name: str) -> None:
    """Save a picture in 64 colours, which is a fifth of its size and looks the same."""
    image.convert("RGB").quantize(64, dither=Image.Dither.NONE).save(ASSETS / f"{name}.png", optimize=True)


def photograph(url: str, width: int, height: int, *, full: bool = False) -> Image.Image:
    """What Chromium shows of a page."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=list(_QUIET))
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        page.goto(url)
        data = page.screenshot(full_page=full)
        browser.close()
    return Image.open(io.BytesIO(data))


def said(*words: str) -> str:
    """What a command prints."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        main(list(words))
    return output.getvalue()


def terminal(text: str, folder: Path, name: str) -> None:
    """A picture of a text as a terminal shows it."""
    page = folder / "terminal.html"
    style = (
        "body{margin:0;padding:18px 22px;background:#1d2021;color:#ebdbb2;display:inline-block;"
        "font:15px/1.45 'DejaVu Sans Mono',monospace}pre{margin:0;font:inherit}"
    )
    page.write_text(
        f"<meta charset=utf-8><style>{style}</style><pre>{html.escape(text)}</pre>", encoding="utf-8"
    )
    lines = text.rstrip().split("\n")
    image = photograph(page.as_uri(), 48 + 9 * max(map(len, lines)) + 10, 36 + 22 * len(lines))
    small(image, name)


def finding(folder: Path) -> None:
    """A mistake in the events of the dataset, and what `validate` says of it."""
    case = folder / "case"
    for name in ("data", "schemas"):
        shutil.copytree(ROOT / name, case / name)
    descriptor = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    (case / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    events = case / "data" / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace(",held,", ",hold,", 1), encoding="utf-8")
    with contextlib.chdir(case):
        report = said("validate", "--format", "text")
    first = report.split("\n\n")[0]
    shown = [line if len(line) < 100 else line[:99] + "…" for line in first.split("\n")]
    terminal("$ casetrail validate\n" + "\n".join(shown), folder, "finding")


def without_page_setup(book: Path) -> None:
    """Take away how the sheets are printed: else the picture has the edges of the pages in it."""
    with zipfile.ZipFile(book) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(book, "w") as archive:
        for name, data in files.items():
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"<printOptions [^>]*/>|<pageSetup [^>]*/>|<pageSetUpPr [^>]*/>", b"", data)
            archive.writestr(name, data)


def workbook(folder: Path) -> None:
    """Two sheets of the workbook of the second case, as LibreOffice lays them out."""
    book = folder / "case.xlsx"
    said("workbook", "write", str(ROOT / "examples" / "almaty-airport"), "--output", str(book))
    without_page_setup(book)
    whole = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={folder.as_uri()}/profile",
        "--convert-to",
        whole,
    ]
    subprocess.run([*command, "--outdir", str(folder), str(book)], check=True, capture_output=True)
    document = pypdfium2.PdfDocument(folder / "case.pdf")
    for number, name in ((0, "workbook-read-me"), (1, "workbook-events")):
        image = document[number].render(scale=1.6).to_pil().convert("RGB")
        white = Image.new("RGB", image.size, "white")
        box = ImageChops.difference(image, white).getbbox() or (0, 0, *image.size)
        small(
            image.crop((max(box[0] - 8, 0), max(box[1] - 8, 0), min(box[2], 1500), min(box[3] + 8, 620))),
            name,
        )


def make() -> None:
    """All of them."""
    ASSETS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        said("page", str(ROOT), "--output", str(folder / "page.html"))
        small(photograph((folder / "page.html").as_uri(), 1100, 720), "page")
        finding(folder)
        workbook(folder)


if __name__ == "__main__":
    make()
