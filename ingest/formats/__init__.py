"""Readers, one module a format: from a file's bytes to the blocks in it. Which one reads what: ingest.readers."""
