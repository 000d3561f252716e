"""Templates of digests: the packaged ones, each replaced by the home's where there is one."""

from pathlib import Path

from pipeline.adapters.files import packaged
from pipeline.errors import ConfigError
from pipeline.steps.digest.templates import NAMES


def load(home: Path | None = None) -> dict[str, str]:
    """Return every template by its name; `home` is the home's folder.

    Raises:
        ConfigError: a template of the home cannot be read.
    """
    folder = packaged("config") / "templates"
    found = {name: (folder / name).read_text(encoding="utf-8") for name in NAMES}
    for name in NAMES if home else ():
        path = home / "templates" / name if home else Path()
        try:
            found[name] = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"the template {path} cannot be read",
                why=str(error),
                fix="mend it, or delete it to use the packaged one",
            ) from error
    return found
