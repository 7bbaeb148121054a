"""A city: residents, households, friends, and the names of what can happen."""
