"""The command line: `python -m rootly_assets demo | sync | metrics | refresh | dashboard`."""
