"""On-call pay: a report for each of the last months, as finance asks for it."""

from datetime import timedelta

from rootly_assets.sandbox.company.settings.entry import enter
from rootly_assets.sandbox.workspace import Workspace

MONTHS = 4
HOURLY_CENTS = 1500


def populate(workspace: Workspace) -> None:
    """Add a report a month, the newest still in the making."""
    users = len(workspace.records("users"))
    first = workspace.now.date().replace(day=1)
    for age in range(MONTHS):
        end = first - timedelta(days=1)
        first = end.replace(day=1)
        hours = ((end - first).days + 1) * 24 * max(1, users // 4)
        made = workspace.timestamp(workspace.now - timedelta(days=30 * age, hours=1))
        enter(
            workspace,
            "on_call_pay_reports",
            {
                "status": "generated" if age else "processing",
                "start_date": first.isoformat(),
                "end_date": end.isoformat(),
                "total_duration": hours * 3600,
                "users_count": users,
                "currency": "USD",
                "pay_type": "hourly",
                "hourly_rate_cents": HOURLY_CENTS,
                "daily_rate_cents": 0,
                "total_pay_cents": hours * HOURLY_CENTS,
                "include_shadow": False,
                "show_individual_shift_data": True,
                "has_single_rate": True,
                "enabled_granular_time_breakdown": False,
                "last_generated_at": made if age else None,
                "time_zone": "America/Los_Angeles",
                "use_responders_time_zone": False,
                "csv_file_url": f"https://files.rootly.example/pay/{first:%Y-%m}.csv",
                "xlsx_file_url": None,
                "created_at": made,
                "updated_at": made,
            },
        )
