"""Settings: base is shared; dev, test and production each say what differs."""
