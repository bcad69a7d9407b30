"""`python -m crawler` is `cruxwatch`."""

from crawler.cli import main

if __name__ == "__main__":
    main()
