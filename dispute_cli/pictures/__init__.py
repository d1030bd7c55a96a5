"""Sample evidence for the demo, drawn by scripts/pictures.py: picture files and no code."""
