"""Operations: their proposals, execution, audit trail and undo."""
