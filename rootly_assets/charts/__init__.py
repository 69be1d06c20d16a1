"""The one place where charts are made: frames in, Altair charts out. Report, app and notebook use them."""
