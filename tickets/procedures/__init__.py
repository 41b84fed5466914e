"""The procedures that come with the product, one TOML file each; see `tickets.procedure_spec` for their shape."""
