"""Pictures of a study in three dimensions; beside `fea.post.vtk_output` all that knows pyvista and VTK."""

import os

# VTK asks for its window system when the first window opens; an empty value would end the process.
if not os.environ.get("DISPLAY") and not os.environ.get("VTK_DEFAULT_OPENGL_WINDOW"):
    os.environ["VTK_DEFAULT_OPENGL_WINDOW"] = "vtkEGLRenderWindow"
