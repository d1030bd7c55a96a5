"""The terminal: argv in, text or JSON out, one exit code. It alone knows typer and rich; no rule, no event and no file format stands here."""
