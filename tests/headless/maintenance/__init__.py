"""Stories of `syncdeck maintenance`, over real HTTP."""
