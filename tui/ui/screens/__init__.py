"""Full screens: they translate keys to operations and snapshots to widgets; they decide nothing."""
