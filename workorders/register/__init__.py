"""The register: the site, its people, its cameras, its assets and where cameras see them."""
