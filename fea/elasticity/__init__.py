"""Linear elasticity of one body on curved quadratic tetrahedra."""
