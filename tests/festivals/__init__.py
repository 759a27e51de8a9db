"""The neighbours' festival."""
