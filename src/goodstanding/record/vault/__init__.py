"""The vault: who is behind a number, kept apart from everything that is said of them."""
