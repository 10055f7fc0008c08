"""What syncdeck hands over to monitoring systems, in their own conventions."""
