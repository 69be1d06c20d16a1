"""The command line: `rootly-assets demo | sync | metrics | refresh | dev | dashboard | notebook | docs`."""
