"""rootly-assets: a whole Rootly workspace as warehouse tables and incident metrics, in Dagster."""

from importlib.metadata import version

__version__ = version("rootly-assets")
