"""The corpus we wrote: its source form, the checks on it and the ways to read it."""
