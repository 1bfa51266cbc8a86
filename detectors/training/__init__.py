"""Training the bundled detector: data recipe, masked loss, scoring."""
