"""`history`, `watch`, `record` and `note`: what was recorded, and recording without a screen."""
