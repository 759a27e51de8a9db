"""The catalogue of error codes: read from the source, explained by words, told to people and programs."""
