"""The whole product without a network: an invented website, its own catalogue, five invented days."""
