"""A city: residents, households, friends, and the names of what can happen."""

from goodstanding.lab.city.city import City, account_names, found, names

__all__ = ["City", "account_names", "found", "names"]
