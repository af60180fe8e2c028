"""Whose work can be believed: signals of bad faith, each apart with its evidence, and trust."""
