"""Scripts that write what is generated; nothing of the product imports them."""
