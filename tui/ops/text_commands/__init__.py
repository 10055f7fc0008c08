"""Operations as text: `run --set` and the command line of the console."""
