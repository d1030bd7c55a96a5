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
    ran = empty("config", "get", "lock-timout")
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


def test_unset_takes_one_key_out(empty: Place) -> None:
    (empty.folder / "dispute.toml").write_text('# ours\nstore = "a.json"\nquiet = true\n')
    assert empty.ok("config", "unset", "store", "--json").json["changed"] is True
    assert (empty.folder / "dispute.toml").read_text() == "# ours\nquiet = true\n"
    assert empty.ok("config", "unset", "store", "--json").json["changed"] is False


def test_a_key_may_be_written_as_its_option_is(empty: Place) -> None:
    empty.ok("config", "set", "lock-timeout", "5s")
    assert empty.ok("config", "get", "lock-timeout").out == "PT5S\n"


@pytest.mark.parametrize("argv", [("yes", "true"), ("color", "pink"), ("bogus", "x")])
def test_a_dry_run_says_what_would_be_wrong(empty: Place, argv: tuple[str, str]) -> None:
    assert empty("config", "set", *argv, "--dry-run").code == 2


def test_two_settings_that_contradict_each_other_are_not_written_into_one_file(empty: Place) -> None:
    empty.ok("config", "set", "fields", "id")
    ran = empty("config", "set", "query", "now")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: dispute.toml: query and fields contradict each other: give one of them.")
    assert (empty.folder / "dispute.toml").read_text() == 'fields = "id"\n'


@pytest.mark.parametrize("text", ["stroe = 'x'\n", "json = 5\n", "fields = 'id'\nquery = 'x'\n"])
def test_what_mends_a_file_works_although_it_cannot_be_read(empty: Place, text: str) -> None:
    (empty.folder / "dispute.toml").write_text(text)
    assert empty("status").code == 2
    for argv in (("config", "path"), ("help", "configuration"), ("completion", "bash"), ("config", "unset", text.split(maxsplit=1)[0])):
        ran = empty(*argv)
        assert ran.code == (2 if argv[1] == "unset" and "stroe" in text else 0), ran


def test_a_switch_that_is_off_contradicts_nothing(empty: Place) -> None:
    empty.env.update({"DISPUTE_JSON": "0", "DISPUTE_FORMAT": "csv"})
    assert empty.ok("config", "list").out.startswith("key,value,origin\n")


def test_a_dry_run_writes_no_file(empty: Place) -> None:
    empty.ok("config", "set", "color", "never", "--dry-run")
    assert list(empty.folder.iterdir()) == []


def test_path_names_both_files_the_weightier_first(empty: Place) -> None:
    assert empty.ok("config", "path").out.splitlines() == ["dispute.toml", str(empty.folder / "config" / "dispute" / "config.toml")]
