"""The sandbox keeps the promises of Rootly's API, as far as clients depend on them."""
