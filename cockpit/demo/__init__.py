"""All that only a demo has: virtual time, scenarios, faults, the past, recordings, the simulator."""
