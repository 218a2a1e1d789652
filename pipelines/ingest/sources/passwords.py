"""Where passwords come from: an environment variable or a file that only its owner may read.

Belongs here: reading one. A password is in no dataclass, log, message or file that this product writes.
"""

import os
import stat
from pathlib import Path

from pipelines.ingest.sources.model import Source, SourceError


def password_of(source: Source) -> str | None:
    """The password of a source; None when it names neither a variable nor a file. Raises SourceError."""
    if source.password_env:
        password = os.environ.get(source.password_env)
        if not password:
            raise SourceError(f"环境变量 {source.password_env} 没有设置或是空的")
        return password
    return _from_file(Path(source.password_file).expanduser()) if source.password_file else None


def _from_file(path: Path) -> str:
    if not path.is_file():
        raise SourceError(f"没有密码文件 {path}")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SourceError(f"密码文件 {path} 可被其他用户读取；请执行 chmod 600 后重试")
    try:
        password = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"密码文件 {path} 读不出；应为一行 UTF-8 文字") from None
    if not password:
        raise SourceError(f"密码文件 {path} 是空的")
    return password
