"""Runs a Cyberwave Cloud Node from a Python program.

    from cyberwave_cloud_node import CloudNode, CloudNodeConfig

    CloudNode.from_config_file(slug="my-gpu-node").run()

The node itself is the program ``cloudnode``, which must be installed (package cyberwave-cloud-node); this package
needs nothing else. Workloads outlive the Python program as they outlive the node.
"""

from .config import CloudNodeConfig
from .node import CloudNode, CloudNodeError

__all__ = ["CloudNode", "CloudNodeConfig", "CloudNodeError"]
