"""The vault of a home, besides its people: identifiers, sealed texts and tombstones, in a file of their own."""

from __future__ import annotations

from pathlib import Path

from goodstanding.record.keys import Keys
from goodstanding.record.store.database import Database
from goodstanding.record.store.sqlite import Connect
from goodstanding.record.vault.identifiers import Identifiers
from goodstanding.record.vault.tables import make_file, open_file
from goodstanding.record.vault.texts import KeyOf, SealedTexts
from goodstanding.record.vault.tombstones import Tombstones

FOLDER = "vault"


class Vault:
    """What is known of people apart from what happened to them.

    Args:
        key_of: the key of a person, by slot.
    """

    def __init__(self, database: Database, keys: Keys, key_of: KeyOf) -> None:
        self.database = database
        self.identifiers = Identifiers(database, keys.identity)
        self.texts = SealedTexts(database, key_of)
        self.tombstones = Tombstones(database, keys.identity)

    @classmethod
    def open(
        cls, folder: Path, keys: Keys, key_of: KeyOf, *, read_only: bool = False, connect: Connect | None = None
    ) -> Vault:
        """The vault of a folder.

        Raises:
            RecordError: it is not there, or of another version.
        """
        return cls(open_file(folder, read_only=read_only, connect=connect), keys, key_of)

    @staticmethod
    def make(folder: Path, connect: Connect | None = None) -> None:
        """Make an empty one in a folder."""
        make_file(folder, connect).close()

    def scrub(self) -> None:
        """After something was deleted: empty the log of changes, in which it may still stand.

        Raises:
            StoreError: somebody still reads what was deleted.
        """
        self.database.scrub()

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()
