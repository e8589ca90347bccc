"""Runs the notebooks of the site: Python by a Jupyter kernel, R by Rscript; a cell that fails fails the build.

A notebook is Markdown with cells in it, so that it is read where it lies. The page that is made has what each
cell prints and draws, and the notebook of Python can be taken away as `.ipynb`.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import jupytext
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from nbclient import NotebookClient
from nbconvert import MarkdownExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

log = logging.getLogger("mkdocs.plugins.notebooks")
ROOT = Path(__file__).parent.parent.parent

SETUP = """\
import matplotlib, matplotlib_inline.backend_inline as inline
inline.set_matplotlib_formats("svg")
matplotlib.rcParams.update({"svg.hashsalt": "casetrail", "figure.figsize": (8, 3.6), "axes.spines.top": False,
                            "axes.spines.right": False, "figure.dpi": 96})
import pandas
pandas.set_option("display.max_colwidth", 60, "display.width", 120)
"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the run notebooks in the place of those that are written."""
    for file in [
        file for file in files if file.src_uri.startswith("notebooks/") and file.src_uri.endswith(".md")
    ]:
        text = file.content_string
        made = _run_r(text) if "```r\n" in text else _run_python(text, Path(file.src_uri).stem)
        files.remove(file)
        for name, content in made.items():
            path = f"notebooks/{name or Path(file.src_uri).name}"
            files.append(File.generated(config, path, content=content))
    return files


def _run_python(text: str, stem: str) -> dict[str, str | bytes]:
    notebook: NotebookNode = jupytext.reads(text, fmt="md")
    notebook.cells.insert(0, new_code_cell(SETUP))
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(
        notebook,
        timeout=300,
        resources={"metadata": {"path": str(ROOT)}},
        extra_arguments=["--log-level=ERROR"],
    ).execute()
    notebook.cells.pop(0)
    body, resources = MarkdownExporter().from_notebook_node(notebook)
    # A table of pandas brings a style of its own that a page has no use for.
    body = re.sub(r"<style scoped>.*?</style>", "", body, flags=re.S)
    body = body.replace('<table border="1" class="dataframe">', "<table>")
    pictures = {f"{stem}-{name}": data for name, data in resources["outputs"].items()}
    for name in resources["outputs"]:
        body = body.replace(f"]({name})", f"]({stem}-{name})")
    link = f"\n\n[Take this notebook away]({stem}.ipynb)\n"
    return {"": body + link, f"{stem}.ipynb": jupytext.writes(notebook, fmt="ipynb"), **pictures}


def _run_r(text: str) -> dict[str, str | bytes]:
    """Run all cells of one page in one session of R, and put what each prints and draws behind it."""
    if shutil.which("Rscript") is None:
        log.warning(
            "the R vignette is not run: Rscript is not on this machine; install R and its package jsonlite"
        )
        return {"": text}
    parts = re.split(r"```r\n(.*?)```\n", text, flags=re.S)
    cells = parts[1::2]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for number, cell in enumerate(cells):
            (work / f"cell{number}.R").write_text(cell, encoding="utf-8")
        (work / "run.R").write_text(_R.format(folder=work.as_posix(), last=len(cells) - 1), encoding="utf-8")
        release = _release(work)
        done = subprocess.run(
            ["Rscript", "--vanilla", str(work / "run.R")], cwd=release, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"the R vignette fails: {done.stderr}")
        page, made = parts[0], {}
        for number, cell in enumerate(cells):
            page += f"```r\n{cell}```\n"
            output = (work / f"cell{number}.txt").read_text(encoding="utf-8").rstrip()
            if output:
                page += f"\n```text\n{output}\n```\n"
            plot = work / f"cell{number}.svg"
            # The device writes a file for every cell, an empty one where nothing is drawn.
            if plot.exists() and b"<path" in plot.read_bytes():
                made[f"r-{number}.svg"] = plot.read_bytes()
                page += f"\n![What the cell draws](r-{number}.svg)\n"
            page += parts[2 * number + 2]
    return {"": page, **made}


_R = """\
for (number in 0:{last}) {{
  base <- file.path("{folder}", paste0("cell", number))
  svg(paste0(base, ".svg"), width = 8, height = 4)
  output <- capture.output(source(paste0(base, ".R"), print.eval = TRUE, encoding = "UTF-8"))
  invisible(dev.off())
  writeLines(output, paste0(base, ".txt"), useBytes = TRUE)
}}
"""


def _release(folder: Path) -> Path:
    """A release of the dataset of this repository."""
    from casetrail.cli.main import main

    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["release", str(ROOT), "--output", str(folder / "dist")]) == 0
    return next(path for path in (folder / "dist").iterdir() if path.is_dir())
