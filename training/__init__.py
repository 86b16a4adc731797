"""How the shipped reader was made. See README.md."""
