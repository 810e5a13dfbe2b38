"""The configuration of a node, as a value."""

from dataclasses import dataclass, fields
from typing import Dict, Mapping, Optional, Union

# Fields whose variable is not their own name.
_VARIABLES = {
    "inference": "INFERENCE_CMD",
    "training": "TRAINING_CMD",
    "simulate": "SIMULATE_CMD",
    "instance_uuid": "CLOUD_NODE_INSTANCE_UUID",
    "topic_prefix": "ENVIRONMENT",
}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@dataclass
class CloudNodeConfig:
    """What a ``cyberwave.yml`` says, and the account. ``None`` leaves a value to the environment, to ``.env`` files,
    to what ``cyberwave login`` has stored, and to the node's defaults, in this order.

    ``inference``, ``training`` and ``simulate`` are command templates: ``{body}`` becomes the parameters as JSON,
    quoted for the shell. Times are in seconds. ``body_mode`` is ``"inline"`` or ``"file"``. ``limits`` says by the type of
    a workload what it may use: ``{"training": {"memory_mb": 16384, "nice": 10}}``.
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
    mqtt_tls_certfile: Optional[str] = None
    mqtt_tls_keyfile: Optional[str] = None
    mqtt_reconnect_max_seconds: Optional[int] = None
    max_concurrent_workloads: Optional[int] = None
    cancel_grace_seconds: Optional[int] = None
    workload_timeout_seconds: Optional[int] = None
    keep_finished_workloads: Optional[int] = None
    keep_finished_days: Optional[int] = None
    keep_finished_megabytes: Optional[int] = None
    body_mode: Optional[str] = None
    expose_api_token: Optional[bool] = None
    upload_results: Optional[bool] = None
    results_folder: Optional[str] = None
    api_token: Optional[str] = None
    api_url: Optional[str] = None
    api_tls_ca_certs: Optional[str] = None
    api_tls_certfile: Optional[str] = None
    api_tls_keyfile: Optional[str] = None
    control_plane: Optional[str] = None
    workspace_slug: Optional[str] = None
    instance_uuid: Optional[str] = None
    topic_prefix: Optional[str] = None
    limits: Optional[Mapping[str, Mapping[str, Union[int, str, bool]]]] = None

    def environment(self) -> Dict[str, str]:
        """The variables that say the same to the node. Secrets travel this way: a command line is for all to see."""
        variables = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None and field.name != "limits":
                variables["CYBERWAVE_" + _VARIABLES.get(field.name, field.name.upper())] = _as_text(value)
        for kind, limits in (self.limits or {}).items():
            for name, value in limits.items():
                variables[f"CYBERWAVE_LIMITS_{kind.upper()}_{name.upper()}"] = _as_text(value)
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
