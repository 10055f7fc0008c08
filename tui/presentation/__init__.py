"""What is shown of each list, by the screens and by the one-shot commands alike. Draws nothing."""
