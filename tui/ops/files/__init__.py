"""Key files and manifest files."""
