"""Pictures of a study in three dimensions; beside `fea.post.vtk_output` all that knows pyvista and VTK."""

from fea.doctor import prepare_rendering

prepare_rendering()  # VTK asks for its window system when the first window opens
