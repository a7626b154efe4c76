"""Files are copied into a backup while people go on using the site."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from home import kept_files


def test_a_file_that_is_deleted_while_others_are_copied_ends_no_backup(settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("a.txt", "b.txt", "c.txt"):
        storages["default"].save(name, ContentFile(name.encode()))

    copied = kept_files.save(tmp_path / "backup")
    first = next(copied)
    storages["default"].delete("b.txt")
    names = [name for _digest, name in (first, *copied)]

    assert [name for name in names if name.startswith("media/")] == ["media/a.txt", "media/c.txt"]
    assert not (tmp_path / "backup" / "media" / "b.txt").exists()
    assert "media/b.txt was deleted before it was copied" in caplog.text


def test_a_file_that_is_there_and_cannot_be_read_is_no_deleted_one(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    storages["default"].save("a.txt", ContentFile(b"a"))

    def refuse(*args, **kwargs):
        raise PermissionError

    monkeypatch.setattr(type(storages["default"]), "_open", refuse)

    with pytest.raises(PermissionError):
        list(kept_files.save(tmp_path / "backup"))
