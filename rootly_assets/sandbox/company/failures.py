"""How things fail at the grocer: what the alert says, what the incident is called, what ends it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """A way in which a service fails.

    Attributes:
        alert: title of the alert that sees it.
        incident: title of the incident that it becomes.
        type: name of the incident type.
        cause: name of the cause found in the end.
        remedy: what ended it.
    """

    alert: str
    incident: str
    type: str
    cause: str
    remedy: str


_DEPLOY, _CONFIG, _CAPACITY = "Bad Deploy", "Configuration Change", "Capacity"
_DEPENDENCY, _THIRD = "Dependency Failure", "Third Party Outage"
_DATABASE, _EXPIRY, _HARDWARE = "Database", "Certificate or Secret Expiry", "Hardware"
_UP, _SLOW, _DATA, _SUPPLIER, _SECURITY = (
    "Availability",
    "Performance",
    "Data Quality",
    "Third Party",
    "Security",
)

# Service | alert | incident | type | cause | remedy
_LINES = f"""
checkout-api|5xx rate above 2% on checkout-api|Checkout returns 502 for signed-in customers|{_UP}|{_DEPLOY}|Rolled back to the previous release
checkout-api|p99 latency above 3 s on POST /orders|Placing an order takes over ten seconds|{_SLOW}|{_DATABASE}|Killed a long transaction and added the missing index
checkout-api|Order conversion 30% below forecast|Orders dropping at the delivery-slot step|{_UP}|{_CONFIG}|Reverted the slot-picker flag
cart-service|Redis evictions above 500/s on cart-cache|Carts emptied while customers shop|{_DATA}|{_CAPACITY}|Doubled the cache and shortened guest TTLs
cart-service|cart-service pods restarting|Cart unavailable during a rolling restart|{_UP}|{_DEPLOY}|Raised the memory limit and paused the rollout
payments-gateway|Card authorisation failures above 8%|Card payments declined across two acquirers|{_UP}|{_THIRD}|Routed traffic to the second acquirer
payments-gateway|3-D Secure challenge timeouts|3-D Secure challenges never return|{_SUPPLIER}|{_THIRD}|Supplier restored service; retried pending payments
payments-gateway|TLS certificate expires in 48 hours|Acquirer callback certificate expired|{_UP}|{_EXPIRY}|Issued and deployed a new certificate
refunds-worker|Refund queue older than 30 minutes|Refunds stuck behind a poisoned message|{_UP}|{_DEPLOY}|Moved the message aside and drained the queue
refunds-worker|Duplicate refund detector fired|Refunds issued twice for substituted items|{_DATA}|{_DEPLOY}|Stopped the worker, reversed duplicates
search-api|Search zero-result rate above 15%|Search finds nothing for common products|{_DATA}|{_CONFIG}|Restored the previous synonym set
search-api|search-api p95 above 1.2 s|Search slow during the Sunday peak|{_SLOW}|{_CAPACITY}|Added two query nodes
search-indexer|Index lag above 20 minutes|New prices missing from search results|{_DATA}|{_DEPENDENCY}|Replayed the change stream from the last checkpoint
recommendations|Model server error rate above 5%|Home page without recommendations|{_UP}|{_DEPLOY}|Fell back to bestsellers, redeployed the model
inventory-service|Stock updates stalled for depot Oakland|Customers can buy items that are sold out|{_DATA}|{_DATABASE}|Promoted the replica and resynchronised stock
inventory-service|Replication lag above 120 s on inventory-db|Stock counts minutes behind in all depots|{_SLOW}|{_DATABASE}|Moved the nightly export off the primary
picking-app|Handheld check-ins down 60% in depot Denver|Pickers in Denver cannot load their lists|{_UP}|{_HARDWARE}|Replaced a failed access switch
picking-app|picking-app crash rate above 3%|Picking app crashes on weighed items|{_UP}|{_DEPLOY}|Shipped a hotfix to the handhelds
slot-planner|Slot generation missed its window|No delivery slots for tomorrow morning|{_UP}|{_DEPENDENCY}|Reran the planner with yesterday's forecast
slot-planner|Slot utilisation above 100%|Delivery slots overbooked in three regions|{_DATA}|{_CONFIG}|Corrected van capacities and called customers
route-optimizer|Route solver queue above 400|Vans leave late: routes not ready|{_SLOW}|{_CAPACITY}|Scaled the solver pool, relaxed the time limit
route-optimizer|Map provider error rate above 10%|Routing without live traffic|{_SUPPLIER}|{_THIRD}|Used cached road speeds until the provider recovered
driver-app|Proof-of-delivery uploads failing|Drivers cannot complete deliveries|{_UP}|{_EXPIRY}|Rotated the storage credentials
storefront-web|Largest contentful paint above 4 s|Storefront slow on mobile|{_SLOW}|{_DEPLOY}|Rolled back the image component
storefront-web|CDN 5xx above 1% in eu-west|Storefront unreachable from parts of Europe|{_SUPPLIER}|{_THIRD}|Failed over to the second CDN
storefront-web|JavaScript error rate tripled|Add-to-basket button does nothing on Safari|{_UP}|{_DEPLOY}|Reverted the bundle
identity|Login success rate below 97%|Customers signed out and unable to return|{_UP}|{_CONFIG}|Restored the session signing key
identity|Credential-stuffing score above threshold|Credential stuffing against customer accounts|{_SECURITY}|{_THIRD}|Blocked the network, forced password resets
pricing-engine|Price check mismatch above 0.5%|Member prices not applied at checkout|{_DATA}|{_DEPLOY}|Reloaded the price book and refunded the difference
pricing-engine|pricing-engine CPU saturated|Promotions evaluation timing out|{_SLOW}|{_CAPACITY}|Cached promotion rules per basket
notifications|SMS delivery rate below 80%|Delivery text messages not arriving|{_SUPPLIER}|{_THIRD}|Switched to the second SMS provider
notifications|Email queue above 50,000|Order confirmations hours late|{_SLOW}|{_CAPACITY}|Added senders and drained the backlog
kafka|Under-replicated partitions on kafka-prod|Order events delayed across the platform|{_SLOW}|{_HARDWARE}|Replaced a broker with a failing disk
kubernetes|Node NotReady in prod-usw2|Pods evicted in one zone|{_UP}|{_HARDWARE}|Cordoned the zone and rebalanced
kubernetes|API server p99 above 2 s|Deploys and autoscaling stalled|{_SLOW}|{_CAPACITY}|Throttled a runaway controller
data-lake|Nightly orders load late by 2 hours|Buyers' replenishment report is empty|{_DATA}|{_DEPENDENCY}|Reran the load after the source recovered
data-lake|Row count check failed on fct_orders|Yesterday's revenue counted twice|{_DATA}|{_DEPLOY}|Deduplicated the partition and fixed the merge key
care-console|care-console login errors|Customer Care cannot open orders|{_UP}|{_CONFIG}|Restored the missing permission group
"""  # noqa: E501 - a table, a row a line


def _read() -> dict[str, list[Failure]]:
    failures: dict[str, list[Failure]] = {}
    for line in _LINES.strip().splitlines():
        service, *words = line.split("|")
        failures.setdefault(service, []).append(Failure(*words))
    return failures


FAILURES: dict[str, list[Failure]] = _read()
