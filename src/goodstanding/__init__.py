"""A published rule book, people's events, and a score whose every point names the rule and the events it came from."""

__version__ = "0.1.0"
