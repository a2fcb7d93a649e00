"""A made-up trial to click through: three sites, thirty patients at various stages, four users."""
