"""A policy told in plain words, in English and Chinese: the whole document, for people who do not read YAML."""

from goodstanding.policy.telling.document import told

__all__ = ["told"]
