"""CT volumes of bone: reading them through SimpleITK, and the bone's density from them."""
