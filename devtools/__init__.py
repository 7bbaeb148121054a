"""What `dev.py` is made of: the tools of the house, which know the project but are no part of the product.

All of it runs on the standard library alone, on any Python from 3.11 on, before anything is installed. Some modules
are run by `.venv`'s own Python instead, since they look at what is installed there: `licences`, and `pages` with the
pages that it makes, `cli_page` and `policy_page`.
"""
