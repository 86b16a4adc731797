"""One file per family of layouts; each offers ``parse(content, origin) -> Transcript``."""
