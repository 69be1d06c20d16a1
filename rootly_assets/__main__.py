"""`python -m rootly_assets`: run a job without the UI, or the demo."""

import sys

from rootly_assets.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
