"""The whole hall on one machine, with emulated devices and simulated people."""
