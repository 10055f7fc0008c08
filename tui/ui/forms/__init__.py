"""Forms: fields in, a frozen write command out."""
