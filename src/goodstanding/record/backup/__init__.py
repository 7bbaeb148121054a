"""Backups of a home, made while it runs, and homes made again from them, whole or not at all."""

from goodstanding.record.backup.making import Made, backup
from goodstanding.record.backup.restoring import Restored, restore
from goodstanding.record.backup.work import Folders, Work

__all__ = ["Folders", "Made", "Restored", "Work", "backup", "restore"]
