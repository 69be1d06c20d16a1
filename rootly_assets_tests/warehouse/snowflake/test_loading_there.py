"""What is loaded into Snowflake is all there or can be loaded again, and what keeps us out is said."""

from rootly_assets_tests.warehouse.cloud_rules import *
