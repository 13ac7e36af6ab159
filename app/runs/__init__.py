"""One experiment, computed: as frames, as JSON, as numbers of one timestep."""
