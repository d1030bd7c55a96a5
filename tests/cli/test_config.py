"""`config`: every setting with the place that says so, and its files written without losing what else stands in them."""

import pytest

from tests.run import Place


def origins(place: Place, *argv: str) -> dict[str, tuple[object, str]]:
    return {one["key"]: (one["value"], one["origin"]) for one in place.ok("config", "list", "--json", *argv).json["settings"]}


def test_each_value_is_told_with_where_it_comes_from(empty: Place) -> None:
    user = empty.folder / "config" / "dispute" / "config.toml"
    user.parent.mkdir(parents=True)
    user.write_text('lock_timeout = "5s"\nquiet = true\nstore = "far.json"\n')
    (empty.folder / "dispute.toml").write_text('store = "near.json"\n')
    empty.env["DISPUTE_COLOR"] = "never"
    found = origins(empty, "--no-input")
    assert found["lock_timeout"] == ("PT5S", str(user))
    assert found["store"] == ("near.json", "dispute.toml")
    assert found["color"] == ("never", "DISPUTE_COLOR")
    assert found["no_input"] == (True, "--no-input")
    assert found["strict"] == (False, "default")
    assert "yes" not in found


def test_config_alone_lists(empty: Place) -> None:
    assert empty.ok("config").out == empty.ok("config", "list").out
    assert empty.ok("config", "--json").json["command"] == "config list"
    assert empty("config", "lst").code == 2


def test_a_setting_that_a_flag_takes_back_is_the_flags(empty: Place) -> None:
    empty.env["DISPUTE_JSON"] = "1"
    assert "json\tfalse\tdefault\n" in empty.ok("config", "list", "--format", "tsv").out


def test_get_prints_the_value_bare(empty: Place) -> None:
    assert empty.ok("config", "get", "store").out == "disputes.json\n"
    assert empty.ok("config", "get", "json").out == "false\n"
    assert empty.ok("config", "get", "query").out == "\n"


def test_an_unknown_setting_is_3_with_the_one_that_was_meant(empty: Place) -> None:
    ran = empty("config", "get", "lock-timeout")
    assert (ran.code, ran.out) == (3, "")
    assert "Did you mean 'lock_timeout'?" in ran.err


def test_set_keeps_comments_and_other_keys(empty: Place) -> None:
    file = empty.folder / "dispute.toml"
    file.write_text('# ours\nstore = "a.json"  # here\n\nquiet = true\n')
    file.chmod(0o640)
    assert empty.ok("config", "set", "store", 'b "2".json').out == ""  # quiet
    empty.ok("config", "set", "quiet", "no")
    empty.ok("config", "set", "lock_timeout", "90s")
    assert file.read_text() == '# ours\nstore = "b \\"2\\".json"  # here\n\nquiet = false\nlock_timeout = "90s"\n'
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in empty.folder.iterdir()) == ["dispute.toml"]
    assert empty.ok("config", "get", "store").out == 'b "2".json\n'


def test_set_writes_the_users_own_file_where_asked(empty: Place) -> None:
    empty.ok("config", "set", "color", "never", "--user")
    assert (empty.folder / "config" / "dispute" / "config.toml").read_text() == 'color = "never"\n'
    assert origins(empty)["color"][1].endswith("config.toml")


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("yes", "true", "consent never comes from a file"),
        ("colour", "never", "Did you mean 'color'?"),
        ("json", "maybe", "say 1 or 0"),
        ("lock_timeout", "soon", "'soon'"),
        ("store", "postgres://me:secret@host/db", "is a URL"),
    ],
)
def test_what_cannot_be_set_changes_no_file(empty: Place, key: str, value: str, says: str) -> None:
    ran = empty("config", "set", key, value)
    assert (ran.code, list(empty.folder.iterdir())) == (2, [])
    assert says in ran.err
    assert "secret" not in ran.err


def test_a_dry_run_writes_no_file(empty: Place) -> None:
    empty.ok("config", "set", "color", "never", "--dry-run")
    assert list(empty.folder.iterdir()) == []


def test_path_names_both_files_the_weightier_first(empty: Place) -> None:
    assert empty.ok("config", "path").out.splitlines() == ["dispute.toml", str(empty.folder / "config" / "dispute" / "config.toml")]
