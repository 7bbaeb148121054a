"""Events on their way into the record: batches from files, single events, quarantine, and who may send what.

A batch is all or nothing, and the same batch again is silence: events are known by their source and id, and one with
another content under a known id is an error that shows both. What is in doubt is held in quarantine until somebody
decides; what no live record may hold is refused at the door.
"""
