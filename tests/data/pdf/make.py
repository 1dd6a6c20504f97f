"""Makes the PDF files of this folder from their HTML, with Debian's chromium: `python tests/data/pdf/make.py` does it.

The files that are committed are what the tests read: another Chromium may write other bytes for the same pages.
"""

import subprocess
from pathlib import Path

import pypdfium2

HERE = Path(__file__).parent


def main() -> None:
    for page in sorted(HERE.glob("*.html")):
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--print-to-pdf={page.with_suffix('.pdf')}", page.as_uri()],
            check=True,
        )  # fmt: skip
    scan(HERE / "report-en.pdf", HERE / "scan.pdf")


def scan(source: Path, target: Path) -> None:
    """The first page of a file as nothing but a picture."""
    picture = pypdfium2.PdfDocument(source)[0].render(scale=0.5, grayscale=True).to_pil()
    picture.save(target, "PDF")


if __name__ == "__main__":
    main()
