"""What takes long of the rules of loading holds in PostgreSQL too: batches by chance, and large ones."""

import pytest

from rootly_assets_tests.warehouse.test_counting import *
from rootly_assets_tests.warehouse.test_large_batches import *

pytestmark = pytest.mark.exhaustive
