"""Irish, where Django lacks formats."""

DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
