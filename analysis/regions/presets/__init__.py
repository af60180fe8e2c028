"""The presets: one recipe a file."""
