"""Page objects and drivers: what tests hold in their hands."""
