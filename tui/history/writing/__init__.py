"""The files of a history, as its one writer keeps them."""
