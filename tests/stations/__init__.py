"""Cool stations and their stock."""
