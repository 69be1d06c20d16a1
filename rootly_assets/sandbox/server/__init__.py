"""The sandbox's HTTP server: the protocol of Rootly's API over a workspace."""
