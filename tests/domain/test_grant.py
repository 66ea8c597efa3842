"""How the paths of granted folders are shown: by the folder's own name, unless two have the same."""

from bot.domain.grant import FolderGrant, clearly_near

REPORTS = FolderGrant(path="/srv/team/reports")


def test_a_path_begins_with_the_name_of_its_folder() -> None:
    said = "Move /srv/team/reports/a.txt → /srv/team/reports/x/b.txt, not /srv/team/reports-old/c"
    assert (
        clearly_near(said, [REPORTS]) == "Move reports/a.txt → reports/x/b.txt, not /srv/team/reports-old/c"
    )


def test_where_two_folders_have_one_name_paths_stay_whole() -> None:
    said = "Delete /srv/team/reports/a.txt"
    assert clearly_near(said, [REPORTS, FolderGrant(path="/home/ana/reports")]) == said


def test_a_folder_at_the_top_is_its_own_name() -> None:
    assert clearly_near("Delete /srv/a.txt", [FolderGrant(path="/srv")]) == "Delete /srv/a.txt"
