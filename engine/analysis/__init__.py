"""Why a gradient vanishes or explodes: read off a trace, or off many networks at once."""
