"""The MQTT broker of a hall: embedded in the server by default, or a Mosquitto beside it."""
