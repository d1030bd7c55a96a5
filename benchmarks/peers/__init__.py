"""The peers' programs, each as its own users would write it. Nothing of the product is used here."""
