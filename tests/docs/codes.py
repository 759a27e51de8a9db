"""Where the repository begins."""

from schema.errors.files import ROOT

__all__ = ["ROOT"]
