"""What monitoring systems get: the rules, without I/O."""
