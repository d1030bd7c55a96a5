"""What the product costs beside its peers, measured in one interleaved run: `python -m benchmarks`. Nothing of the product is here."""
