"""The Workers tab."""
