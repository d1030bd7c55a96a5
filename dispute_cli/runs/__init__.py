"""Loops over the service: many commands, played stories. What one command does is the service's; nothing here decides."""
