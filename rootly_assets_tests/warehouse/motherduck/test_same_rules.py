"""Every rule of loading holds in a database that is attached as it does in a file that is opened."""

from rootly_assets_tests.warehouse.test_large_batches import *
from rootly_assets_tests.warehouse.test_loading import *
from rootly_assets_tests.warehouse.test_older_catalogue import *
