"""Who is who: identifiers linked to people, people merged and split, and names that look alike.

Nobody is ever merged by name. In a synthetic home an identifier must be seen to be made up.
"""

from goodstanding.record.identity.agreements import Agreement, agree, agreement, agreements
from goodstanding.record.identity.linking import MADE_UP, Linked, link
from goodstanding.record.identity.lookalikes import alike, dangerous, plain, skeleton
from goodstanding.record.identity.merging import Moved, merge, split

__all__ = [
    "MADE_UP",
    "Agreement",
    "Linked",
    "Moved",
    "agree",
    "agreement",
    "agreements",
    "alike",
    "dangerous",
    "link",
    "merge",
    "plain",
    "skeleton",
    "split",
]
