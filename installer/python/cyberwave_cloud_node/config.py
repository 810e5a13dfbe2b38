"""The configuration of a node, as a value."""

from dataclasses import dataclass, fields
from typing import Dict, Optional


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@dataclass
class CloudNodeConfig:
    """What a ``cyberwave.yml`` says, and the account. ``None`` leaves a value to the environment, to ``.env`` files,
    to what ``cyberwave login`` has stored, and to the node's defaults, in this order.

    ``inference``, ``training`` and ``simulate`` are command templates: ``{body}`` becomes the parameters as JSON,
    quoted for the shell. ``heartbeat_interval`` is in seconds.
    """

    install_script: Optional[str] = None
    inference: Optional[str] = None
    training: Optional[str] = None
    simulate: Optional[str] = None
    profile_slug: Optional[str] = None
    heartbeat_interval: Optional[int] = None
    mqtt_host: Optional[str] = None
    mqtt_port: Optional[int] = None
    mqtt_username: Optional[str] = None
    mqtt_password: Optional[str] = None
    mqtt_use_tls: Optional[bool] = None
    mqtt_tls_ca_certs: Optional[str] = None
    upload_results: Optional[bool] = None
    results_folder: Optional[str] = None
    api_token: Optional[str] = None
    api_url: Optional[str] = None
    workspace_slug: Optional[str] = None

    def environment(self) -> Dict[str, str]:
        """The variables that say the same to the node. Secrets travel this way: a command line is for all to see."""
        own_names = {"inference": "INFERENCE_CMD", "training": "TRAINING_CMD", "simulate": "SIMULATE_CMD"}
        variables = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                variables["CYBERWAVE_" + own_names.get(field.name, field.name.upper())] = _as_text(value)
        return variables

    def __repr__(self) -> str:
        """Without the secrets."""
        shown = []
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                secret = field.name in ("api_token", "mqtt_password")
                shown.append(f"{field.name}={'****' if secret else repr(value)}")
        return f"CloudNodeConfig({', '.join(shown)})"
