"""Titles of its flows, and by phrase the places that the code fills. The wording lives in content/texts.yaml."""

TITLES: dict[str, str] = {
    "f_camera": "Camera giao thông",
}
PHRASES: dict[str, str] = {
    "camera.choose": "",
    "camera.list": "list",
    "camera.nearest": "list",
    "camera.entry": "distance name",
    "camera.picture": "name when",
    "camera.none": "",
    "camera.offline": "name",
    "camera.far": "distance",
    "camera.ask_place": "",
}
