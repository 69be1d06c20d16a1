"""The deprecated custom fields, which older workspaces still have beside their form fields."""

from rootly_assets.sandbox.company.settings.entry import enter, slug
from rootly_assets.sandbox.workspace import Workspace

FIELDS = {
    "Fulfilment centre": ("Portland", "Oakland", "Denver", "Chicago", "Newark"),
    "Payment provider": ("Card acquirer", "Gift cards", "Meal vouchers"),
    "Vendor ticket": (),
}
COLORS = ["#D7F5E1", "#FCF2CF", "#FAEEE6", "#FAE6E8", "#E9E2FF"]
FIRST_FIELD_ID, FIRST_OPTION_ID = 3101, 9401


def populate(workspace: Workspace) -> None:
    """Add custom fields and their options; their ids are integers, as in old days."""
    option_id = FIRST_OPTION_ID
    for position, (label, options) in enumerate(FIELDS.items()):
        field_id = FIRST_FIELD_ID + position
        enter(
            workspace,
            "custom_fields",
            {
                "label": label,
                "kind": "select" if options else "text",
                "enabled": position != 2,
                "slug": slug(label),
                "description": None,
                "shown": ["incident_form", "incident_post_mortem"],
                "required": [],
                "default": None,
                "position": position + 1,
            },
            identity=str(field_id),
        )
        for index, value in enumerate(options):
            enter(
                workspace,
                "custom_field_options",
                {
                    "custom_field_id": field_id,
                    "value": value,
                    "color": COLORS[index],
                    "default": index == 0,
                    "position": index + 1,
                },
                identity=str(option_id),
                parents={"custom_field_id": str(field_id)},
            )
            option_id += 1
