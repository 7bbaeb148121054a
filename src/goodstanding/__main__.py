"""`python -m goodstanding` is the command `goodstanding`."""

from goodstanding.cli import main

if __name__ == "__main__":
    main()
