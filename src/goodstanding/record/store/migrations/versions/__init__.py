"""The revisions; what one of them says is never changed, since homes were made by it."""
