"""Who sees to it that the wire's processes run: the embedded wire's supervisor, a container's keeper, health checks.

`health` and `keeper` load the standard library only: there is one of them in every container.
"""
