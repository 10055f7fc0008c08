"""What was observed of a profile over time: records, and the rules that read them."""
