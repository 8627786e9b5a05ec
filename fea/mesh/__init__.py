"""From shapes to curved quadratic tetrahedra with named facets; the only room that knows gmsh."""
