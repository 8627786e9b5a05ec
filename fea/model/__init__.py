"""The mechanical model of a meshed case: two held bodies, an interface, unit loads."""

from fea.model.build import Model, build_model
from fea.model.recover import recover_fields

__all__ = ["Model", "build_model", "recover_fields"]
