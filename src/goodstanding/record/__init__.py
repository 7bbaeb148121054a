"""The record: what was said of whom, when, and since when it is known; nothing lost, nothing altered unseen.

A `Home` is a folder with a ledger, a vault and segments, and all that is written goes through it. Its modules stand in
layers (the contract `record-layers` in `pyproject.toml`).
"""
