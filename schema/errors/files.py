"""Where the catalogue stands."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = Path(__file__).with_name("words.json")
CATALOGUE = Path(__file__).with_name("catalogue.json")
PAGE = ROOT / "docs" / "api" / "errors.md"
