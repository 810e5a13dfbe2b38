"""``python3 -m cyberwave_cloud_node ARGUMENTS`` is ``cloudnode ARGUMENTS``."""

import os
import sys

from . import CloudNode

program = CloudNode().command()[0]
os.execv(program, [program, *sys.argv[1:]])
